/** Guarantee: the mailed link signs the invited person in and carries the token, for new people and known ones. */
import assert from "node:assert/strict";
import { gatherCast } from "./cast.ts";
import { follow, newestMail } from "./mailbox.ts";

const { call, callWith, stack, logs } = await gatherCast();

const people: [string, () => Promise<string>][] = [
  ["somebody new", () => Promise.resolve(`${crypto.randomUUID()}@example.com`)],
  ["somebody with an account", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    await callWith(undefined, "POST", "/api/register", { email, password: "a-good-password" });
    return email;
  }],
];

for (const [who, address] of people) {
  Deno.test(`${who} follows the mail and is in the team`, async () => {
    const email = await address();
    const invited = await call("owner", "POST", "/v1/settings/team/invite", { email, role: "user" });
    assert.deepEqual([invited.status, invited.body.mail_sent], [201, true]);
    const { session, token, page } = await follow(await newestMail(stack, email));
    assert.equal(page.pathname, "/invite");
    assert.equal(invited.body.accept_url, `${stack.url}/invite#token=${token}`);
    const accepted = await callWith(session, "POST", "/v1/settings/team/accept", { token });
    assert.deepEqual([accepted.status, accepted.body.organization.name], [200, "Demo"]);
    assert.equal((await callWith(session, "GET", "/v1/auth/me")).body.email, email);
    assert.doesNotMatch(JSON.stringify(logs), new RegExp(token));
  });
}

Deno.test("sending again mails the new link", async () => {
  const email = `${crypto.randomUUID()}@example.com`;
  const first = await call("owner", "POST", "/v1/settings/team/invite", { email, role: "user" });
  const old = await follow(await newestMail(stack, email));
  const again = await call("owner", "POST", `/v1/settings/team/invites/${first.body.id}/resend`);
  assert.equal(again.body.mail_sent, true);
  const now = await follow(await newestMail(stack, email));
  assert.notEqual(now.token, old.token);
  const accept = (token: string) => callWith(now.session, "POST", "/v1/settings/team/accept", { token });
  assert.equal((await accept(old.token)).status, 404);
  assert.equal((await accept(now.token)).status, 200);
});

Deno.test("where Auth can't mail, the invitation stands and its link is in the answer", async () => {
  const email = "no-mail@example.com";
  // As when Supabase Auth is not let to add people.
  await stack.database.query(
    "alter table auth.users add constraint no_new_people check (email <> 'no-mail@example.com')",
  );
  try {
    const answer = await call("owner", "POST", "/v1/settings/team/invite", { email, role: "user" });
    assert.deepEqual([answer.status, answer.body.mail_sent, answer.body.status], [201, false, "pending"]);
    assert.match(answer.body.accept_url, /#token=ia_invite_/);
    const line = logs.find((line) => line.route === "/auth/v1/invite");
    assert.equal(line?.level, "warn");
    assert.doesNotMatch(JSON.stringify(logs), /ia_invite_/);
  } finally {
    await stack.database.query("alter table auth.users drop constraint no_new_people");
  }
});
