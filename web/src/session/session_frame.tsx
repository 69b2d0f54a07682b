/** The frame of the views before one is signed in. */
import { type ReactNode, useEffect } from "react";
import { Brand } from "../app/brand.tsx";

/** A small centred card with a title. */
export function SessionFrame({ title, description, foot, children }: {
  title: string;
  description?: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · InfraAudit`;
  }, [title]);
  return (
    <main className="grid min-h-dvh content-start justify-items-center gap-6 px-4 pt-[12vh] pb-12">
      <Brand />
      <div className="grid w-full max-w-sm gap-5 rounded-xl border bg-surface p-6 shadow-card">
        <div className="grid gap-1">
          <h1 className="text-base font-semibold tracking-tight">{title}</h1>
          {description && <p className="text-[13px] text-pretty text-muted">{description}</p>}
        </div>
        {children}
      </div>
      {foot && <p className="text-[13px] text-muted">{foot}</p>}
    </main>
  );
}

export const LINK = "font-medium text-accent underline-offset-4 hover:underline";
