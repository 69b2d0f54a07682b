/** What the router shows while a view loads, when it fails, and where there is none. */
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useCallback, useEffect } from "react";
import { isUnreachable } from "../api/explain.ts";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState, ErrorState } from "../ui/feedback.tsx";

const AGAIN_MS = 5_000;

/** A view that broke, or whose code could not be loaded: that is tried again until it comes. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = useCallback(() => {
    reset();
    router.invalidate();
  }, [reset, router]);
  useEffect(() => {
    if (!isUnreachable(error)) return;
    const timer = setInterval(() => navigator.onLine && again(), AGAIN_MS);
    addEventListener("online", again);
    return () => {
      clearInterval(timer);
      removeEventListener("online", again);
    };
  }, [error, again]);
  return <ErrorState error={error} onRetry={again} />;
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
