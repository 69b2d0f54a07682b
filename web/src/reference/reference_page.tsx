/** The API's reference, drawn from the document that this deployment's API serves of itself. */
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
import { NetworkFailure } from "../../../shared/client/client_failures.ts";
import { useServices } from "../app/services.ts";
import { Code } from "../ui/badge.tsx";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { FilterText } from "../ui/filter_bar.tsx";
import { Card, Page } from "../ui/page.tsx";
import { type OpenApiDocument, operationsByTag, type Place } from "./openapi_document.ts";
import { OperationView } from "./operation_view.tsx";

/** Every operation, by tag; each opens to its input, its answers and examples. */
export function ReferencePage() {
  const { config } = useServices();
  const url = `${config.api_base}/v1/openapi.json`;
  const reference = useQuery({
    queryKey: ["reference", url],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const response = await fetch(url, { signal }).catch((cause) => {
        throw signal.aborted ? cause : new NetworkFailure(new URL(url).origin, String(cause), cause);
      });
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      return await response.json() as OpenApiDocument;
    },
  });
  const fault = faultOf(reference);
  const document = reference.data;
  const [search, setSearch] = useState("");
  const filter = useCallback((text: string | undefined) => setSearch(text ?? ""), []);
  const byTag = useMemo(() => document && operationsByTag(document, search), [document, search]);
  useAnchor(document !== undefined);
  return (
    <main>
      <Page
        title="API reference"
        description={
          <>
            Drawn from <a className="underline" href={url}>openapi.json</a>
            {document && <>, version {document.info.version}</>}.{" "}
            <Link className="underline" to="/">Back to InfraAudit</Link>
          </>
        }
      >
        {fault !== null && (
          <Card>
            <ErrorState error={fault} onRetry={() => reference.refetch()} />
          </Card>
        )}
        {reference.isPending && fault === null && (
          <div aria-busy="true" className="h-80 rounded-lg border bg-surface" />
        )}
        {document && byTag && (
          <>
            <FilterText label="Search operations" value={search || undefined} onChange={filter} />
            <div className="grid gap-6 lg:grid-cols-[13rem_minmax(0,1fr)]">
              <Contents byTag={byTag} />
              <div className="grid min-w-0 content-start gap-5">
                <Introduction text={document.info.description} base={config.api_base} />
                {[...byTag].map(([tag, places]) => (
                  <Card key={tag} title={tag}>
                    <ul className="divide-y">
                      {places.map((place) => (
                        <li key={place.operation.operationId}>
                          <OperationView document={document} {...place} />
                        </li>
                      ))}
                    </ul>
                  </Card>
                ))}
                {byTag.size === 0 && <p className="text-[13px] text-muted">No operation matches.</p>}
              </div>
            </div>
          </>
        )}
      </Page>
    </main>
  );
}

/** Every operation as a link; on phones it can be folded away. */
function Contents({ byTag }: { byTag: Map<string, Place[]> }) {
  return (
    <nav
      aria-label="Operations"
      className="top-4 max-h-[calc(100dvh-2rem)] overflow-y-auto text-[13px] max-lg:max-h-56 max-lg:rounded-lg max-lg:border max-lg:p-3 lg:sticky print:hidden"
    >
      {[...byTag].map(([tag, places]) => (
        <section key={tag} className="mb-4">
          <h2 className="px-2 text-xs font-medium text-muted">{tag}</h2>
          <ul>
            {places.map(({ operation }) => (
              <li key={operation.operationId}>
                <a
                  href={`#${operation.operationId}`}
                  className="block truncate rounded-md px-2 py-1 text-muted hover:bg-hover hover:text-ink"
                >
                  {operation.operationId}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Introduction({ text, base }: { text: string | undefined; base: string }) {
  return (
    <section className="grid gap-2 text-[13px]">
      {text && <p className="max-w-2xl text-pretty">{text}</p>}
      <p className="max-w-2xl text-pretty text-muted">
        Send requests to <Code>{base}</Code> with an API key or a session's token as{" "}
        <Code>Authorization: Bearer …</Code>. Answers are JSON; an error says in words what happened, with a
        code and a request id.
      </p>
    </section>
  );
}

/** Opens the operation that the address names, and brings it into view. */
function useAnchor(isDrawn: boolean): void {
  const { hash } = useLocation();
  useEffect(() => {
    const part = isDrawn && hash ? globalThis.document.getElementById(hash) : null;
    if (!(part instanceof HTMLDetailsElement)) return;
    part.open = true;
    part.scrollIntoView();
    part.querySelector("summary")?.focus({ preventScroll: true });
  }, [isDrawn, hash]);
}
