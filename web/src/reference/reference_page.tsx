/** The API's reference, drawn from the document that this deployment's API serves of itself. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { NetworkFailure } from "../../../shared/client/client_failures.ts";
import { useServices } from "../app/services.ts";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { Card, Page } from "../ui/page.tsx";
import type { OpenApiDocument } from "./openapi_document.ts";
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
        {document && tagsOf(document).map((tag) => (
          <Card key={tag} title={tag}>
            <ul className="divide-y">
              {operationsOf(document, tag).map(({ method, path, operation }) => (
                <li key={operation.operationId}>
                  <OperationView document={document} method={method} path={path} operation={operation} />
                </li>
              ))}
            </ul>
          </Card>
        ))}
      </Page>
    </main>
  );
}

function tagsOf(document: OpenApiDocument): string[] {
  const used = allOperations(document).flatMap(({ operation }) => operation.tags);
  return [...new Set([...(document.tags ?? []).map(({ name }) => name), ...used])];
}

function operationsOf(document: OpenApiDocument, tag: string) {
  return allOperations(document).filter(({ operation }) => operation.tags.includes(tag));
}

function allOperations(document: OpenApiDocument) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation }))
  );
}
