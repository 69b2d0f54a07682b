/** The columns of the list of API keys. */
import { Link } from "@tanstack/react-router";
import type { ApiKey } from "../../../shared/contracts/api_keys.ts";
import { PERMISSIONS } from "../../../shared/contracts/permissions.ts";
import { Moment } from "../ui/moment.tsx";
import { useNarrow } from "../ui/narrow.ts";
import type { Column } from "../ui/table.tsx";
import { namePermissions } from "./key_choices.ts";
import { KeyMenu, type KeyMenuProps } from "./key_menu.tsx";
import { KeyStatus, sayEnd } from "./key_status.tsx";

/**
 * The columns.
 * @param may whether changing keys is offered at all
 */
export function keyColumns(may: boolean, actions: Omit<KeyMenuProps, "apiKey">): Column<ApiKey>[] {
  return [
    { heading: "Name", cell: (key) => <Name apiKey={key} /> },
    { heading: "Status", from: "md", className: "w-34", cell: (key) => <KeyStatus apiKey={key} /> },
    {
      heading: "Permissions",
      from: "lg",
      className: "w-36",
      cell: ({ scopes }) => (
        <span className="block truncate text-muted" title={scopes.join(", ")}>
          {namePermissions(scopes, PERMISSIONS)}
        </span>
      ),
    },
    {
      heading: "Created by",
      from: "lg",
      className: "w-40",
      cell: ({ created_by }) => (
        <span className="block truncate text-muted" title={created_by?.email}>
          <bdi>{created_by?.email ?? "Removed person"}</bdi>
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
      className: "w-16 text-right",
      cell: (key) => may && <KeyMenu apiKey={key} {...actions} />,
    },
  ];
}

function Name({ apiKey }: { apiKey: ApiKey }) {
  const narrow = useNarrow();
  return (
    <span className="grid min-w-0 gap-0.5">
      <Link
        to="/settings/api-keys/$id"
        params={{ id: String(apiKey.id) }}
        title={apiKey.name}
        className="truncate font-medium underline-offset-4 hover:underline"
      >
        <bdi>{apiKey.name}</bdi>
      </Link>
      <span className="truncate font-mono text-xs text-faint">{apiKey.prefix}_…</span>
      {narrow && (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
          <KeyStatus apiKey={apiKey} />
          <span>
            Used: <Moment time={apiKey.last_used_at} missing="never" />
          </span>
          <span>{sayEnd(apiKey)}</span>
        </span>
      )}
    </span>
  );
}
