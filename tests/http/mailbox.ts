/** The stack's mail, as the people read it whom it is for. */
import assert from "node:assert/strict";
import type { Stack } from "../../dev/stack.ts";

export interface Mail {
  recipient: string;
  content: string;
}

/** The newest mail to an address. */
export async function newestMail(stack: Stack, address: string): Promise<Mail> {
  const mails: Mail[] = await (await fetch(`${stack.url}/dev/mailbox.json`)).json();
  const mail = mails.find((mail) => mail.recipient === address);
  assert.ok(mail, `no mail to ${address}`);
  return mail;
}

/** Follows a mail's link as a browser does: the session is in the fragment, the invitation in the query. */
export async function follow(mail: Mail): Promise<{ session: string; token: string; page: URL }> {
  const link = /https?:\/\/\S+/.exec(mail.content)![0];
  const answer = await fetch(link, { redirect: "manual" });
  await answer.body?.cancel();
  const page = new URL(answer.headers.get("location")!);
  return {
    page,
    token: page.searchParams.get("token")!,
    session: new URLSearchParams(page.hash.slice(1)).get("access_token")!,
  };
}
