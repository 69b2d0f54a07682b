/** What a view shows instead of its content: nothing yet, loading, or an error; and one-line messages. */
import { CircleAlert, CircleCheck, Info, Lock } from "lucide-react";
import type { ReactNode } from "react";
import { explain } from "../api/explain.ts";
import { Button } from "./button.tsx";
import { classNames } from "./class_names.ts";

/** A message inside a page or form; errors are announced at once. */
export function Callout({ tone, children }: { tone: "danger" | "good" | "info"; children: ReactNode }) {
  const Icon = { danger: CircleAlert, good: CircleCheck, info: Info }[tone];
  const look = {
    danger: "bg-danger-soft text-danger",
    good: "bg-good-soft text-good",
    info: "bg-accent-soft text-accent",
  }[tone];
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={classNames("flex gap-2 rounded-md px-3 py-2 text-[13px]", look)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 text-ink">{children}</div>
    </div>
  );
}

/** A list that has nothing in it, and what to do about that. */
export function EmptyState(
  { icon, title, children }: { icon: ReactNode; title: string; children?: ReactNode },
) {
  return (
    <div className="grid min-h-72 place-items-center px-6 py-14 text-center">
      <div className="grid max-w-sm justify-items-center gap-2">
        <span
          aria-hidden
          className="mb-2 grid size-11 place-items-center rounded-xl border bg-surface text-faint shadow-card [&_svg]:size-5"
        >
          {icon}
        </span>
        <p className="font-medium">{title}</p>
        <div className="text-[13px] text-pretty text-muted">{children}</div>
      </div>
    </div>
  );
}

/** A view that could not be loaded: what happened in words, and another try. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, text, requestId, isForbidden } = explain(error);
  return (
    <div role="alert" className="grid min-h-72 place-items-center px-6 py-14 text-center">
      <div className="grid max-w-sm justify-items-center gap-2">
        <span
          aria-hidden
          className={classNames(
            "mb-2 grid size-11 place-items-center rounded-xl [&_svg]:size-5",
            isForbidden ? "bg-hover text-muted" : "bg-danger-soft text-danger",
          )}
        >
          {isForbidden ? <Lock /> : <CircleAlert />}
        </span>
        <p className="font-medium">{title}</p>
        <p className="text-[13px] text-pretty text-muted">{text}</p>
        {requestId && <p className="font-mono text-xs text-faint">Request {requestId}</p>}
        {onRetry && !isForbidden && <Button className="mt-2" onClick={onRetry}>Try again</Button>}
      </div>
    </div>
  );
}

/**
 * Why a view has nothing to show yet.
 * @returns the error; also while it is still tried again, from the second failure on. `null` with data, or at first
 */
export function faultOf(query: {
  data: unknown;
  error: unknown;
  failureCount: number;
  failureReason: unknown;
}): unknown {
  if (query.data !== undefined) return null;
  return query.error ?? (query.failureCount > 1 || !navigator.onLine ? query.failureReason : null);
}

/** A grey bar in the place of text that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classNames("block h-3.5 animate-pulse rounded bg-hover", className)} />;
}
