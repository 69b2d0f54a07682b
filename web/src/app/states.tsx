/** What the router shows while a view loads, when it fails, and where there is none. */
import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState, ErrorState } from "../ui/feedback.tsx";

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
