/** One API key: what it may do, from where, until when, and what was done with it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Pencil, RefreshCw, Trash2 } from "lucide-react";
import { type ApiKey, getApiKey } from "../../../shared/contracts/api_keys.ts";
import { PERMISSIONS } from "../../../shared/contracts/permissions.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { Code } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card, Outline, Page } from "../ui/page.tsx";
import { namePermissions } from "./key_choices.ts";
import { useKeyDialogs } from "./key_dialogs.tsx";
import { KeyEvents } from "./key_events.tsx";
import { KeyUsage } from "./key_usage.tsx";
import { isEnded, KeyStatus, sayEnd } from "./key_status.tsx";

const LINK = "underline-offset-4 hover:underline";

/** The view of one key. */
export function KeyPage() {
  const { id } = useParams({ from: "/app/settings/api-keys/$id" });
  const { api } = useServices();
  const may = useCan("api_keys:write");
  const mayAudit = useCan("audit:read");
  const { actions, dialog } = useKeyDialogs();
  const query = useQuery({
    queryKey: ["api-key", id],
    queryFn: ({ signal }) => api.call(getApiKey, { params: { id } }, { signal }),
  });
  const fault = faultOf(query);
  if (fault) return <ErrorState error={fault} onRetry={() => query.refetch()} />;
  const key = query.data;
  if (!key) return <Outline />;
  return (
    <Page
      title={key.name}
      heading={<bdi>{key.name}</bdi>}
      description={
        <>
          <Link to="/settings/api-keys" className={LINK}>API Keys</Link>
          {" / "}
          <span className="font-mono text-xs">{key.prefix}_…</span>
        </>
      }
      actions={may && !isEnded(key) && (
        <>
          <Button icon={<Pencil aria-hidden />} onClick={() => actions.onEdit(key)}>Edit</Button>
          {key.replaced_by === null && (
            <Button
              icon={<RefreshCw aria-hidden />}
              onClick={() => actions.onRotate(key)}
            >
              Rotate
            </Button>
          )}
          <Button look="danger-quiet" icon={<Trash2 aria-hidden />} onClick={() => actions.onRevoke(key)}>
            Revoke
          </Button>
        </>
      )}
    >
      <KeyFacts apiKey={key} />
      <KeyUsage id={id} />
      {mayAudit && <KeyEvents apiKey={key} />}
      {dialog}
    </Page>
  );
}

function KeyFacts({ apiKey }: { apiKey: ApiKey }) {
  const { created_by, created_at, last_used_at, rate_limit, scopes, allowed_ips } = apiKey;
  return (
    <Card>
      <Facts>
        <Fact name="Status">
          <KeyStatus apiKey={apiKey} />
        </Fact>
        <Fact name="Life">{sayEnd(apiKey)}</Fact>
        <Fact name="Last used">
          <Moment time={last_used_at} />
        </Fact>
        <Fact name="Created">
          <Moment time={created_at} as="day" />
          <span className="block text-muted">
            by <bdi>{created_by?.email ?? "a person who was removed"}</bdi>
          </span>
        </Fact>
        <Fact name={`Permissions: ${namePermissions(scopes, PERMISSIONS)}`} wide>
          <span className="flex flex-wrap gap-1">
            {scopes.map((scope) => <Code key={scope}>{scope}</Code>)}
          </span>
        </Fact>
        <Fact name="Allowed addresses" wide>
          {allowed_ips
            ? (
              <span className="flex flex-wrap gap-1">
                {allowed_ips.map((address) => <Code key={address}>{address}</Code>)}
              </span>
            )
            : "Anywhere"}
        </Fact>
        {rate_limit !== null && <Fact name="Rate limit">{rate_limit} requests a minute</Fact>}
        <Lineage name="Took over from" id={apiKey.replaces} />
        <Lineage name="Replaced by" id={apiKey.replaced_by} />
      </Facts>
    </Card>
  );
}

function Lineage({ name, id }: { name: string; id: number | null }) {
  if (id === null) return null;
  return (
    <Fact name={name}>
      <Link to="/settings/api-keys/$id" params={{ id: String(id) }} className={`${LINK} text-accent`}>
        Key {id}
      </Link>
    </Fact>
  );
}
