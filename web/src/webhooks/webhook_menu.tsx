/** What can be done with one webhook. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { History, Pause, Play, RefreshCw, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import {
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
  type Webhook,
} from "../../../shared/contracts/webhooks.ts";
import { useServices } from "../app/services.ts";
import { Confirm } from "../ui/dialog.tsx";
import { MenuAction, MoreMenu } from "../ui/menu.tsx";

type Asked = "delete" | "rotate" | "disable" | "enable";

const QUESTIONS: Record<Asked, { title: string; action: string; text: string }> = {
  delete: {
    title: "Delete “{name}”?",
    action: "Delete",
    text: "What waits to be sent is dropped, and its deliveries are forgotten.",
  },
  rotate: {
    title: "New secret for “{name}”?",
    action: "Draw a new secret",
    text: "Both sign for a day; after that only the new one does.",
  },
  disable: {
    title: "Disable “{name}”?",
    action: "Disable",
    text: "Nothing is sent until you enable it again; what happens meanwhile isn't sent later.",
  },
  enable: {
    title: "Enable “{name}”?",
    action: "Enable",
    text: "News are sent from now on.",
  },
};

/** The menu, and the question before what is chosen is done. @param onSecret gets a new secret, to show it once */
export function WebhookMenu({ webhook, onDeliveries, onSecret }: {
  webhook: Webhook;
  onDeliveries: () => void;
  onSecret: (secret: string) => void;
}) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const params = { id: webhook.id };
  const refresh = () => queries.invalidateQueries({ queryKey: ["webhooks"] });
  const test = useMutation({
    mutationFn: () => api.call(testWebhook, { params }),
    onSuccess: onDeliveries,
    onSettled: refresh,
  });
  const change = useMutation({
    mutationFn: async (what: Asked) => {
      if (what === "delete") await api.call(deleteWebhook, { params });
      else if (what === "rotate") {
        const { secret } = await api.call(rotateWebhookSecret, { params });
        if (secret) onSecret(secret);
      } else await api.call(updateWebhook, { params, body: { enabled: what === "enable" } });
    },
    gcTime: 0,
    onSuccess: () => setAsked(undefined),
    onSettled: refresh,
  });
  const ask = (what: Asked) => () => {
    change.reset();
    setAsked(what);
  };
  const question = asked && QUESTIONS[asked];
  return (
    <>
      <MoreMenu label={`Actions for ${webhook.name}`}>
        <MenuAction onClick={onDeliveries}>
          <History aria-hidden />
          Deliveries
        </MenuAction>
        <MenuAction onClick={() => test.mutate()}>
          <Send aria-hidden />
          Send a test
        </MenuAction>
        {webhook.format === "standard" && (
          <MenuAction onClick={ask("rotate")}>
            <RefreshCw aria-hidden />
            New secret
          </MenuAction>
        )}
        <MenuAction onClick={ask(webhook.enabled ? "disable" : "enable")}>
          {webhook.enabled ? <Pause aria-hidden /> : <Play aria-hidden />}
          {webhook.enabled ? "Disable" : "Enable"}
        </MenuAction>
        <MenuAction isDangerous onClick={ask("delete")}>
          <Trash2 aria-hidden />
          Delete
        </MenuAction>
      </MoreMenu>
      {asked && question && (
        <Confirm
          title={question.title.replace("{name}", () => webhook.name)}
          action={question.action}
          look={asked === "delete" ? "danger" : "primary"}
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(asked)}
          onCancel={() => setAsked(undefined)}
        >
          {question.text}
        </Confirm>
      )}
      {test.isError && (
        <Confirm
          title="The test was not sent"
          action="Try again"
          look="primary"
          busy={test.isPending}
          error={test.error}
          onConfirm={() => test.mutate()}
          onCancel={() => test.reset()}
        >
          Nothing was sent to <bdi>{webhook.name}</bdi>.
        </Confirm>
      )}
    </>
  );
}
