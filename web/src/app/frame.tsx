/** Where things are on every view of a signed-in person; shared by the page and its first outline. */
import type { ReactNode } from "react";
import { Brand } from "./brand.tsx";

/**
 * Navigation at the side, on phones at the bottom, and the view beside it.
 * @param status shown at the top on phones
 * @param side navigation and account
 */
export function Frame({ status, side, children }: {
  status?: ReactNode;
  side: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[14rem_minmax(0,1fr)]">
      <header className="sticky top-0 z-20 flex h-12 items-center justify-between border-b bg-canvas px-4 md:hidden">
        <Brand />
        {status}
      </header>
      <aside className="z-20 border-line max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:border-t max-md:bg-surface md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:border-r md:bg-sunken">
        <div className="flex h-14 items-center px-4 max-md:hidden">
          <Brand />
        </div>
        {side}
      </aside>
      {children}
    </div>
  );
}
