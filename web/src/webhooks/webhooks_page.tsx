/** Settings → Webhooks: where the organization's news are sent, and whether they arrive. */
import { useQuery } from "@tanstack/react-query";
import { Webhook as Icon } from "lucide-react";
import { Suspense, useState } from "react";
import { listWebhooks, type Webhook } from "../../../shared/contracts/webhooks.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState, ErrorState, faultOf } from "../ui/feedback.tsx";
import { Moment, sayWhen } from "../ui/moment.tsx";
import { Card, Page } from "../ui/page.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { WebhookMenu } from "./webhook_menu.tsx";

const NewWebhook = late(() => import("./new_webhook_dialog.tsx").then((m) => m.NewWebhookDialog));
const SecretShown = late(() => import("./webhook_secret_dialog.tsx").then((m) => m.WebhookSecretDialog));
const Deliveries = late(() => import("./deliveries_dialog.tsx").then((m) => m.DeliveriesDialog));

/** The view. */
export function WebhooksPage() {
  const { api } = useServices();
  const may = useCan("audit:read");
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [shown, setShown] = useState<Webhook>();
  const webhooks = useQuery({
    queryKey: ["webhooks"],
    queryFn: ({ signal }) => api.call(listWebhooks, {}, { signal }),
  });
  const fault = faultOf(webhooks);
  return (
    <Page
      title="Webhooks"
      description="Your news, sent to a service or chat of yours as they happen, at least once."
      actions={may && <Button look="primary" onClick={() => setMaking(true)}>New webhook</Button>}
    >
      <Card>
        {fault
          ? <ErrorState error={fault} onRetry={() => webhooks.refetch()} />
          : webhooks.data?.length === 0
          ? (
            <EmptyState icon={<Icon />} title="No webhooks yet">
              Have drifts and leaked keys told to your on-call service, Slack or Teams.
            </EmptyState>
          )
          : (
            <Table
              label="Webhooks"
              rows={webhooks.data}
              expected={2}
              onOpen={setShown}
              columns={[...COLUMNS, {
                heading: "Actions",
                hideHeading: true,
                className: "w-16 text-right",
                cell: (webhook) => (
                  <WebhookMenu
                    webhook={webhook}
                    onDeliveries={() => setShown(webhook)}
                    onSecret={setSecret}
                  />
                ),
              }]}
            />
          )}
      </Card>
      <Suspense>
        {making && (
          <NewWebhook
            onCreated={({ secret }) => {
              setMaking(false);
              setSecret(secret ?? undefined);
            }}
            onClose={() => setMaking(false)}
          />
        )}
        {secret && <SecretShown secret={secret} onClose={() => setSecret(undefined)} />}
        {shown && <Deliveries webhook={shown} onClose={() => setShown(undefined)} />}
      </Suspense>
    </Page>
  );
}

const COLUMNS: Column<Webhook>[] = [
  {
    heading: "Webhook",
    cell: ({ name, url }) => (
      <span className="grid min-w-0 gap-0.5">
        <bdi className="truncate font-medium">{name}</bdi>
        <span className="truncate font-mono text-xs text-muted" title={url}>{url}</span>
      </span>
    ),
  },
  {
    heading: "Status",
    className: "w-30",
    cell: ({ enabled, disabled_reason, failing_since }) =>
      !enabled
        ? (
          <span title={disabled_reason ?? undefined}>
            <Badge>Disabled</Badge>
          </span>
        )
        : failing_since
        ? (
          <span title={`Since ${sayWhen(failing_since)}`}>
            <Badge tone="critical">Failing</Badge>
          </span>
        )
        : <Badge tone="good">Enabled</Badge>,
  },
  {
    heading: "Delivered",
    from: "md",
    className: "w-30",
    cell: ({ last_delivered_at }) => <Moment time={last_delivered_at} />,
  },
];
