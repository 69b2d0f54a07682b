/** What became of a webhook's messages, newest first; each can be sent again. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import {
  listWebhookDeliveries,
  redeliverWebhook,
  type Webhook,
  type WebhookDelivery,
} from "../../../shared/contracts/webhooks.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Badge, type Tone } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Callout, EmptyState } from "../ui/feedback.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { Moment, sayWhen } from "../ui/moment.tsx";
import { PagedList } from "../ui/paged_list.tsx";
import type { z } from "zod";
import { sayWebhookEvent } from "./webhook_words.ts";

type Delivery = z.infer<typeof WebhookDelivery>;

const PER_PAGE = 10;
const PENDING_MS = 2_000;
const TONES: Record<Delivery["status"], Tone> = { pending: "neutral", delivered: "good", failed: "critical" };

/** The list in a dialog; it looks again while something is on its way. */
export function DeliveriesDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [page, setPage] = useState<number>();
  const deliveries = useQuery({
    queryKey: ["webhooks", webhook.id, "deliveries", page],
    queryFn: ({ signal }) =>
      api.call(listWebhookDeliveries, { params: { id: webhook.id }, query: { page, per_page: PER_PAGE } }, {
        signal,
      }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ status, attempts }) => status === "pending" && attempts === 0) && PENDING_MS,
  });
  const again = useMutation({
    mutationFn: (id: number) => api.call(redeliverWebhook, { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  return (
    <Dialog wide title={`Deliveries of “${webhook.name}”`} description="The last 30 days." onClose={onClose}>
      {!webhook.enabled && webhook.disabled_reason && (
        <Callout tone="danger">Disabled: {webhook.disabled_reason}</Callout>
      )}
      <Fault error={again.error} />
      <div className="min-h-40 overflow-hidden rounded-md border">
        <PagedList
          list={deliveries}
          onPage={setPage}
          empty={
            <EmptyState icon={<Send />} title="Nothing sent yet">
              Send a test to see whether it arrives.
            </EmptyState>
          }
        >
          {(rows) =>
            rows
              ? (
                <ul aria-label="Deliveries" className="divide-y">
                  {rows.map((delivery) => (
                    <Row
                      key={delivery.id}
                      delivery={delivery}
                      busy={again.isPending}
                      onAgain={() => again.mutate(delivery.id)}
                    />
                  ))}
                </ul>
              )
              : <div className="h-40" aria-busy />}
        </PagedList>
      </div>
      <div className="flex justify-end">
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}

function Row({ delivery, busy, onAgain }: { delivery: Delivery; busy: boolean; onAgain: () => void }) {
  const { status, event, error, response_status, attempts, created_at, next_attempt_at } = delivery;
  return (
    <li className="flex items-start justify-between gap-3 px-3 py-2.5 text-[13px]">
      <span className="grid min-w-0 gap-0.5">
        <span className="flex flex-wrap items-center gap-2">
          <Badge tone={TONES[status]}>{capital(status)}</Badge>
          {sayWebhookEvent(event)}
          <span className="text-muted">
            <Moment time={created_at} />
          </span>
        </span>
        <span className="text-xs break-words text-muted">
          {error ?? (response_status === null ? "Not tried yet." : `Answered ${response_status}.`)}
          {attempts > 1 && ` ${attempts} attempts.`}
          {status === "pending" && attempts > 0 && next_attempt_at && ` Next ${sayWhen(next_attempt_at)}.`}
        </span>
      </span>
      {status !== "pending" && (
        <Button
          size="sm"
          look="ghost"
          disabled={busy}
          aria-label={`Send ${sayWebhookEvent(event)} again`}
          onClick={onAgain}
        >
          Send again
        </Button>
      )}
    </li>
  );
}
