/** What the router shows while a view loads, when it fails, and where there is none. */
import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/feedback.tsx";

/** The outline of a view. */
export function Pending() {
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-5 px-4 py-6 sm:px-8 sm:py-8" aria-busy="true">
      <Skeleton className="h-6 w-40" />
      <div className="h-80 rounded-lg border bg-surface" />
    </div>
  );
}

/** A view that broke. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  return <ErrorState error={error} onRetry={reset} />;
}

/** No view has this address. */
export function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState icon={<Compass />} title="There is nothing here">
        <p>The address may be mistyped, or what was here is gone.</p>
        <Link to="/drifts" className={`${buttonClass()} mt-4`}>Go to drifts</Link>
      </EmptyState>
    </main>
  );
}
