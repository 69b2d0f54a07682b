/** Makes a webhook: its name, where it goes, and what it is told. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import {
  CreateWebhook,
  createWebhook,
  type Webhook,
  WEBHOOK_EVENTS,
  type WebhookCreated,
  type WebhookFormat,
} from "../../../shared/contracts/webhooks.ts";
import { fieldFaults } from "../api/explain.ts";
import { Fault } from "../api/fault.tsx";
import { faultsOf } from "../api/faults.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ChoiceField, TextField } from "../ui/field.tsx";
import { sayWebhookEvent, WEBHOOK_FORMATS } from "./webhook_words.ts";

type Event = typeof WEBHOOK_EVENTS[number];

/** @param onCreated gets the webhook with its secret, which is shown once */
export function NewWebhookDialog({ onCreated, onClose }: {
  onCreated: (webhook: z.infer<typeof WebhookCreated>) => void;
  onClose: () => void;
}) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [format, setFormat] = useState<WebhookFormat>("standard");
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<Event[]>([...WEBHOOK_EVENTS]);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const body = { name, format, url, events };
  const create = useMutation({
    mutationFn: () => api.call(createWebhook, { body }),
    // Secrets leave the memory with the dialog.
    gcTime: 0,
    onError: (error) => setFaults(fieldFaults(error)),
    onSuccess: onCreated,
    onSettled: () => queries.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  return (
    <Dialog
      title="New webhook"
      description="Your news, sent to an address of yours as it happens."
      onClose={onClose}
    >
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const found = faultsOf(CreateWebhook.safeParse(body));
          setFaults(found);
          if (Object.keys(found).length === 0) create.mutate();
        }}
      >
        <TextField label="Name" placeholder="On-call" value={name} onChange={setName} error={faults.name} />
        <ChoiceField
          label="Format"
          value={format}
          options={WEBHOOK_FORMATS}
          onChange={(value) => setFormat(value as WebhookFormat)}
        />
        <TextField
          label="URL"
          type="url"
          placeholder="https://hooks.example.com/infraaudit"
          className="font-mono text-xs"
          value={url}
          onChange={setUrl}
          error={faults.url}
        />
        <EventChoice chosen={events} onChange={setEvents} error={faults.events} />
        <Fault error={create.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending}>Create webhook</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Which news are sent. */
export function EventChoice({ chosen, onChange, error }: {
  chosen: readonly Webhook["events"][number][];
  onChange: (events: Event[]) => void;
  error?: string;
}) {
  const toggle = (event: Event) =>
    onChange(WEBHOOK_EVENTS.filter((one) => chosen.includes(one) !== (one === event)));
  return (
    <fieldset className="text-[13px]">
      <legend className="mb-1.5 font-medium">Events</legend>
      <div className="grid gap-1.5 sm:grid-cols-2">
        {WEBHOOK_EVENTS.map((event) => (
          <label key={event} className="flex items-center gap-2 max-sm:min-h-8">
            <input type="checkbox" checked={chosen.includes(event)} onChange={() => toggle(event)} />
            {sayWebhookEvent(event)}
          </label>
        ))}
      </div>
      {error && <p role="alert" className="mt-1.5 text-danger">Choose at least one event.</p>}
    </fieldset>
  );
}
