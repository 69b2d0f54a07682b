/** Leads an organization that has nothing yet to its first drift; each step ticks itself off. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { listApiKeys } from "../../../shared/contracts/api_keys.ts";
import { summarizeDrifts } from "../../../shared/contracts/drifts.ts";
import { listResources } from "../../../shared/contracts/resources.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { KEY_VARIABLE, snippetsOf } from "../keys/snippets.ts";
import { useCan } from "../session/use_session.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { classNames } from "../ui/class_names.ts";
import { Card } from "../ui/page.tsx";
import { CodeTabs } from "../ui/tabs.tsx";

const ImportDialog = late(() => import("../resources/import_dialog.tsx").then((m) => m.ImportDialog));

/** What somebody else, or a pipeline, does meanwhile shows here too. */
const LOOK_AGAIN_MS = 4_000;

/** The steps from nothing to the first drift. */
export function FirstSteps() {
  const { config } = useServices();
  const mayMakeKeys = useCan("api_keys:write");
  const mayImport = useCan("resources:write");
  const { hasKey, hasResource, hasDrift } = useProgress(mayMakeKeys);
  const [importing, setImporting] = useState(false);
  return (
    <Card title="Get started">
      <ol className="divide-y">
        <Step done={hasKey} name="Create an API key">
          <p>Your pipeline signs in with it. You see the key once, so have a secret store at hand.</p>
          {mayMakeKeys
            ? (
              <Link
                to="/settings/api-keys"
                className={buttonClass({ look: hasKey ? "secondary" : "primary" })}
              >
                {hasKey ? "See your keys" : "Create a key"}
              </Link>
            )
            : <p>Ask an owner or admin of your organization for one.</p>}
        </Step>
        <Step done={hasResource} name="Import your Terraform state">
          <p>The first import becomes the baseline: how things should be.</p>
          <CodeTabs label="Ways to import" tabs={snippetsOf(config.api_base, `$${KEY_VARIABLE}`)} />
          {mayImport && (
            <p className="flex flex-wrap items-center gap-2">
              <Button onClick={() => setImporting(true)}>Import a file</Button>
              or have your pipeline do it after each apply.
            </p>
          )}
        </Step>
        <Step done={hasDrift} name="See your first drift">
          <p>
            Change something outside Terraform, then import again: the difference appears here, with why it
            matters and how bad it is.
          </p>
        </Step>
      </ol>
      <Suspense>{importing && <ImportDialog onClose={() => setImporting(false)} />}</Suspense>
    </Card>
  );
}

function useProgress(maySeeKeys: boolean) {
  const { api } = useServices();
  const again = { refetchInterval: LOOK_AGAIN_MS };
  const keys = useQuery({
    queryKey: ["api-keys"],
    queryFn: ({ signal }) => api.call(listApiKeys, {}, { signal }),
    enabled: maySeeKeys,
    ...again,
  });
  const resources = useQuery({
    queryKey: ["resources", "any"],
    queryFn: ({ signal }) => api.call(listResources, { query: { per_page: 1 } }, { signal }),
    ...again,
  });
  const drifts = useQuery({
    queryKey: ["drift-summary", "any"],
    queryFn: ({ signal }) => api.call(summarizeDrifts, {}, { signal }),
    ...again,
  });
  const hasResource = (resources.data?.meta.total ?? 0) > 0;
  return {
    hasKey: (keys.data?.length ?? 0) > 0 || (!maySeeKeys && hasResource),
    hasResource,
    hasDrift: (drifts.data?.total ?? 0) > 0,
  };
}

function Step({ done, name, children }: { done: boolean; name: string; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-3 px-4 py-4">
      <span
        className={classNames(
          "mt-0.5 grid size-5.5 place-items-center rounded-full border border-line-strong",
          done && "border-transparent bg-good-soft text-good",
        )}
      >
        {done && <Check aria-hidden className="size-3.5" />}
        <span className="sr-only">{done ? "Done" : "To do"}</span>
      </span>
      <div className="grid min-w-0 justify-items-start gap-3 text-[13px] text-muted [&>div]:w-full">
        <h3
          className={classNames("text-[13px] font-medium text-ink", done && "line-through decoration-faint")}
        >
          {name}
        </h3>
        {children}
      </div>
    </li>
  );
}
