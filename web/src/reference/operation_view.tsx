/** One operation of the reference: a line that opens to its parameters, body and answers. */
import { type ReactNode, useState } from "react";
import { Code } from "../ui/badge.tsx";
import { JsonView } from "../ui/json_view.tsx";
import {
  type Answer,
  type Content,
  type OpenApiDocument,
  type Place,
  publicPath,
  resolve,
} from "./openapi_document.ts";
import { Samples } from "./samples.tsx";
import { SchemaFields } from "./schema_fields.tsx";
import { TryIt } from "./try_it.tsx";

interface OperationProps extends Place {
  document: OpenApiDocument;
}

/** The operation; closed at first, and drawn whole once it is opened: all of them would be 20,000 elements. */
export function OperationView({ document, method, path, operation }: OperationProps) {
  const [wasOpen, setWasOpen] = useState(false);
  const permission = operation.security?.flatMap((way) => Object.values(way).flat())[0];
  return (
    <details
      className="group scroll-mt-4"
      id={operation.operationId}
      onToggle={(event) => event.currentTarget.open && setWasOpen(true)}
    >
      <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 text-[13px] hover:bg-hover/60">
        <span className="w-14 font-mono text-xs font-semibold">{method}</span>
        <span className="font-mono text-xs break-all">{publicPath(path)}</span>
        <span className="text-muted">{operation.summary}</span>
        {permission && <Code className="ml-auto">{permission}</Code>}
      </summary>
      {wasOpen && <Contents document={document} method={method} path={path} operation={operation} />}
    </details>
  );
}

function Contents({ document, method, path, operation }: OperationProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 border-t bg-sunken/50 px-4 py-4 text-[13px]">
      {operation.description && <p className="max-w-2xl text-pretty">{withCode(operation.description)}</p>}
      <Samples method={method} path={path} operation={operation} />
      {method === "GET" && <TryIt method={method} path={path} operation={operation} />}
      {operation.parameters && operation.parameters.length > 0 && (
        <Part title="Parameters">
          <SchemaFields
            document={document}
            schema={{
              properties: Object.fromEntries(
                operation.parameters.map(({ name, in: place, description, schema }) => [
                  name,
                  { ...schema, description: [`In the ${place}.`, description].filter(Boolean).join(" ") },
                ]),
              ),
              required: operation.parameters.filter(({ required }) => required).map(({ name }) => name),
            }}
          />
        </Part>
      )}
      {operation.requestBody && (
        <Body document={document} title="Body" content={operation.requestBody.content} />
      )}
      {Object.entries(operation.responses).map(([status, given]) => {
        const answer: Answer = resolve(document, given);
        return status < "400"
          ? (
            <Body
              key={status}
              document={document}
              title={`${status}: ${answer.description}`}
              content={answer.content}
            />
          )
          : (
            <p key={status} className="leading-6">
              <span className="font-mono text-xs">{status}</span> {withCode(answer.description ?? "")}
            </p>
          );
      })}
    </div>
  );
}

function Body({ document, title, content }: {
  document: OpenApiDocument;
  title: string;
  content: Record<string, Content> | undefined;
}) {
  return (
    <Part title={title}>
      {Object.entries(content ?? {}).map(([type, { schema, example }]) => (
        <div key={type} className="grid grid-cols-[minmax(0,1fr)] gap-2">
          {schema && <SchemaFields document={document} schema={schema} />}
          {example !== undefined && (
            <div className="rounded-md border bg-surface">
              <JsonView value={example} label={`Example, ${type}`} />
            </div>
          )}
        </div>
      ))}
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h3 className="font-medium">{title}</h3>
      {children}
    </section>
  );
}

/** Text whose parts in backticks are code. */
function withCode(text: string): ReactNode[] {
  return text.split(/`([^`]+)`/).map((part, at) => at % 2 === 1 ? <Code key={at}>{part}</Code> : part);
}
