/** The frame of a view: its title, what it is for, and its actions. */
import { type ReactNode, useEffect } from "react";
import { Skeleton } from "./feedback.tsx";

/**
 * One view. Sets the document's title too, which screen readers announce.
 * @param actions buttons at the right of the title
 */
export function Page({ title, heading, description, actions, children }: {
  title: string;
  heading?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · InfraAudit`;
  }, [title]);
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-5 px-4 py-6 sm:px-8 sm:py-8">
      <header className="flex items-start justify-between gap-x-6 gap-y-3 max-sm:flex-wrap">
        <div className="grid min-w-0 gap-1">
          <h1 className="text-lg leading-7 font-semibold tracking-tight text-balance break-words">
            {heading ?? title}
          </h1>
          {description && <div className="max-w-2xl text-[13px] text-pretty text-muted">{description}</div>}
        </div>
        {/* On phones the actions have a line of their own from the start, so that nothing moves when they come. */}
        {actions !== undefined && (
          <div className="flex min-h-8 flex-wrap items-center gap-2 max-sm:min-h-10 max-sm:basis-full sm:max-w-1/2 sm:shrink-0 sm:justify-end">
            {actions}
          </div>
        )}
      </header>
      {children}
    </div>
  );
}

/** The outline of a view that is on its way. */
export function Outline() {
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-5 px-4 py-6 sm:px-8 sm:py-8" aria-busy="true">
      <Skeleton className="h-6 w-40" />
      <div className="h-80 rounded-lg border bg-surface" />
    </div>
  );
}

/** A bordered area of a view. */
export function Card({ title, aside, children, className }: {
  title?: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section
      className={`min-w-0 overflow-hidden rounded-lg border bg-surface shadow-card ${className ?? ""}`}
    >
      {title && (
        <div className="flex min-h-11 flex-wrap items-center justify-between gap-2 border-b px-4 py-1.5">
          <h2 className="text-[13px] font-medium">{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}
