/** The fields of a schema: name, type, whether it must be sent, and what it means. */
import { nameOf, type OpenApiDocument, resolve, sayType, type Schema } from "./openapi_document.ts";

/** An object's fields; the fields of a list's members; else the type alone. */
export function SchemaFields({ document, schema }: { document: OpenApiDocument; schema: Schema }) {
  const whole = resolve(document, schema);
  const members = whole.items && resolve(document, whole.items);
  const shown = members?.properties ? members : whole;
  const name = nameOf(whole.items ?? schema);
  if (!shown.properties) return <p className="text-muted">{sayType(document, schema)}</p>;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      {(name || members) && <p className="text-muted">{members ? `A list of ${name ?? "objects"}:` : name}
      </p>}
      <dl className="grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-2 sm:grid-cols-[max-content_minmax(0,1fr)]">
        {Object.entries(shown.properties).map(([field, part]) => (
          <div key={field} className="contents">
            <dt className="font-mono text-xs leading-5">
              {field}
              {!shown.required?.includes(field) && <span className="text-muted">?</span>}
            </dt>
            <dd className="min-w-0 break-words">
              <span className="text-muted">{sayType(document, part)}</span>
              {resolve(document, part).description && <span>: {resolve(document, part).description}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
