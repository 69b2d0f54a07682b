/** Mail of the local stack: nothing is sent, everything can be read. */
import type { EmailDriver, EmailMessage } from "@supabase/lite";

/** A mail that would have been sent. */
export interface Mail extends EmailMessage {
  sent_at: string;
}

/** Where the stack's mail lands. */
export interface Mailbox extends EmailDriver {
  /** Newest first. */
  list(): Promise<Mail[]>;
}

/** Keeps the last mails. Without a file they are gone with the process. */
const KEPT_MAILS = 200;

/**
 * Opens the mailbox.
 * @param file JSON lines, one a mail; absent in memory only
 */
export function openMailbox(file?: string): Mailbox {
  const memory: Mail[] = [];
  return {
    send: async (message) => {
      const mail: Mail = { ...message, sent_at: new Date().toISOString() };
      memory.unshift(mail);
      memory.length = Math.min(memory.length, KEPT_MAILS);
      if (file) await Deno.writeTextFile(file, JSON.stringify(mail) + "\n", { append: true, mode: 0o600 });
    },
    list: async () => {
      if (!file) return memory;
      const text = await Deno.readTextFile(file).catch(() => "");
      return text.trim().split("\n").filter(Boolean).slice(-KEPT_MAILS).reverse().map((line) =>
        JSON.parse(line)
      );
    },
  };
}

/** Answers `/dev/mailbox` (a page) and `/dev/mailbox.json`. */
export async function answerMailbox(request: Request, mailbox: Mailbox): Promise<Response> {
  const mails = await mailbox.list();
  if (new URL(request.url).pathname.endsWith(".json")) return Response.json(mails);
  const articles = mails.map((mail) => {
    const text = escapeHtml(mail.text ?? "").replace(
      /https?:\/\/[^\s<>]+/g,
      (link) => `<a href="${link}">${link}</a>`,
    );
    return `<article><h2>${escapeHtml(mail.subject)}</h2><p>to ${escapeHtml(mail.to)} · ${mail.sent_at}</p>` +
      `<pre>${text}</pre></article>`;
  });
  const page =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mailbox of the local stack</title>` +
    `<style>body{font:16px/1.5 system-ui;max-width:48rem;margin:2rem auto;padding:0 1rem}` +
    `pre{white-space:pre-wrap}article{border-top:1px solid #ccc}</style>` +
    `<h1>Mailbox</h1>${articles.join("") || "<p>No mail yet.</p>"}</html>`;
  return new Response(page, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}

function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replace(/[&<>"']/g, (character) => `&${names[character]};`);
}
