/** The mailbox for people (`/dev/mailbox`) and for programs (`/dev/mailbox.json`). */
import type { Mail, Mailbox } from "../auth/mailbox.ts";

/** Answers a request to the mailbox. */
export async function answerMailbox(request: Request, mailbox: Mailbox): Promise<Response> {
  const mails = await mailbox.list();
  if (new URL(request.url).pathname.endsWith(".json")) return Response.json(mails);
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Mailbox of the local stack</title><style>
body { font: 16px/1.5 system-ui; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
article { border-top: 1px solid; padding: .5rem 0 } h2 { margin: 0; font-size: 1.1rem } pre { white-space: pre-wrap }
</style></head><body><main><h1>Mailbox</h1>${
    mails.map(article).join("") || "<p>No mail yet.</p>"
  }</main></body></html>`;
  return new Response(page, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}

function article(mail: Mail): string {
  const content = escapeHtml(mail.content).replace(
    /https?:\/\/[^\s<>]+/g,
    (link) => `<a href="${link}">${link}</a>`,
  );
  return `<article><h2>${escapeHtml(mail.subject)}</h2><p>To ${escapeHtml(mail.recipient)},
<time>${mail.sent_at}</time></p><pre>${content}</pre></article>`;
}

function escapeHtml(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replace(/[&<>"']/g, (character) => `&${names[character]};`);
}
