/** What is seen when the page can't even start. */
import { ErrorState } from "../ui/feedback.tsx";

/** Says that the deployment's configuration could not be loaded. */
export function StartFailure({ error }: { error: unknown }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <ErrorState error={error} onRetry={() => location.reload()} />
    </main>
  );
}
