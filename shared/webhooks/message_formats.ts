/** The body of a message in each format. Chats get plain text: a resource's name can't become a link or a mention. */
import type { WebhookFormat } from "../contracts/webhooks.ts";
import { wordsFor } from "./message_words.ts";

export interface Message {
  readonly event: string;
  readonly data: Record<string, unknown>;
  /** RFC 3339, when it happened. */
  readonly created_at: string;
}

/** The JSON text to send: `{type,timestamp,data}`, a Slack message, or a Teams message with an Adaptive Card 1.4. */
export function bodyOf(message: Message, format: WebhookFormat): string {
  return JSON.stringify(FORMATS[format](message));
}

const FORMATS: Record<WebhookFormat, (message: Message) => unknown> = { standard, slack, teams };

function standard({ event, data, created_at }: Message) {
  return { type: event, timestamp: new Date(created_at).toISOString(), data };
}

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
function slack({ event, data }: Message) {
  const { title, lines } = wordsFor(event, data);
  const plain = (text: string) => ({ type: "plain_text", text, emoji: false });
  return {
    // What a notification shows; this one is read as Slack's markup.
    text: title.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    blocks: [
      { type: "header", text: plain(title) },
      ...(lines.length > 0 ? [{ type: "section", text: plain(lines.join("\n")) }] : []),
    ],
  };
}

/** A workflow's "when a webhook request is received" posts the card. Text runs know no markup. */
function teams({ event, data }: Message) {
  const { title, lines } = wordsFor(event, data);
  const block = (text: string, style: Record<string, string>) => ({
    type: "RichTextBlock",
    inlines: [{ type: "TextRun", text, ...style }],
  });
  return {
    type: "message",
    attachments: [{
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        body: [
          block(title, { weight: "bolder", size: "medium" }),
          ...lines.map((line) => block(line, {})),
        ],
      },
    }],
  };
}
