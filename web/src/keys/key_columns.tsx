/** The columns of the list of API keys. */
import type { ApiKey } from "../../../shared/contracts/api_keys.ts";
import { PERMISSIONS } from "../../../shared/contracts/permissions.ts";
import { Badge, Code, type Tone } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Moment } from "../ui/moment.tsx";
import { useNarrow } from "../ui/narrow.ts";
import type { Column } from "../ui/table.tsx";

const STATUS: Record<ApiKey["status"], { tone: Tone; text: string }> = {
  active: { tone: "good", text: "Active" },
  expiring: { tone: "medium", text: "Expires soon" },
  grace: { tone: "medium", text: "Being replaced" },
  expired: { tone: "neutral", text: "Expired" },
  revoked: { tone: "neutral", text: "Revoked" },
  disabled: { tone: "neutral", text: "Disabled" },
};

/** Whether the key no longer works, whatever is done. */
export function isEnded(key: ApiKey): boolean {
  return key.status === "revoked" || key.status === "expired";
}

/**
 * The columns.
 * @param may whether changing keys is offered at all
 */
export function keyColumns({ may, onRotate, onRevoke }: {
  may: boolean;
  onRotate: (key: ApiKey) => void;
  onRevoke: (key: ApiKey) => void;
}): Column<ApiKey>[] {
  return [
    { heading: "Name", cell: (key) => <Name apiKey={key} /> },
    {
      heading: "Status",
      from: "md",
      className: "w-34",
      cell: ({ status }) => <Badge tone={STATUS[status]?.tone}>{STATUS[status]?.text ?? status}</Badge>,
    },
    { heading: "Permissions", from: "lg", className: "w-40", cell: (key) => <Scopes scopes={key.scopes} /> },
    {
      heading: "Created",
      from: "lg",
      className: "w-32",
      cell: (key) => (
        <span className="grid">
          <Moment time={key.created_at} as="day" />
          <span className="truncate text-xs text-faint" title={key.created_by?.email}>
            {key.created_by?.email ?? "removed person"}
          </span>
        </span>
      ),
    },
    {
      heading: "Last used",
      from: "md",
      className: "w-25",
      cell: (key) => <Moment time={key.last_used_at} />,
    },
    {
      heading: "Expires",
      from: "md",
      className: "w-28",
      cell: (key) => <Moment time={key.expires_at} as="day" />,
    },
    {
      heading: "Actions",
      hideHeading: true,
      className: "w-26 text-right sm:w-40",
      cell: (key) =>
        may && !isEnded(key) && (
          <span className="inline-flex gap-1 max-sm:flex-col max-sm:items-end">
            {key.replaced_by === null && (
              <Button
                size="sm"
                look="ghost"
                aria-describedby={nameId(key)}
                onClick={() => onRotate(key)}
              >
                Rotate
              </Button>
            )}
            <Button
              size="sm"
              look="danger-quiet"
              aria-describedby={nameId(key)}
              onClick={() => onRevoke(key)}
            >
              Revoke
            </Button>
          </span>
        ),
    },
  ];
}

const nameId = (key: ApiKey) => `api-key-${key.id}`;

function Name({ apiKey }: { apiKey: ApiKey }) {
  const narrow = useNarrow();
  const status = STATUS[apiKey.status];
  return (
    <span className="grid min-w-0 gap-0.5">
      <span id={nameId(apiKey)} className="truncate font-medium" title={apiKey.name}>{apiKey.name}</span>
      <span className="truncate font-mono text-xs text-faint">{apiKey.prefix}_…</span>
      {narrow && (
        <span className="flex flex-wrap items-center gap-2 text-xs text-muted">
          <Badge tone={status?.tone}>{status?.text ?? apiKey.status}</Badge>
          <span>
            Used: <Moment time={apiKey.last_used_at} missing="never" />
          </span>
        </span>
      )}
    </span>
  );
}

/** A key's permissions in short; the whole list on hover and for screen readers. */
function Scopes({ scopes }: { scopes: ApiKey["scopes"] }) {
  if (scopes.length === PERMISSIONS.length) return <Code>all</Code>;
  const shown = scopes.slice(0, 1);
  const rest = scopes.slice(1);
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap" title={scopes.join(", ")}>
      {shown.map((scope) => <Code key={scope}>{scope}</Code>)}
      {rest.length > 0 && (
        <span className="text-xs text-muted">
          <span aria-hidden>+{rest.length}</span>
          <span className="sr-only">{rest.join(", ")}</span>
        </span>
      )}
    </span>
  );
}
