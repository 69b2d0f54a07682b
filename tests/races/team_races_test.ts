/** Guarantee: on a real Postgres, of many who come at once one wins, and what is left is consistent. */
import assert from "node:assert/strict";
import { startStack } from "../../dev/stack.ts";
import { digestLinkToken, drawLinkToken } from "../../shared/auth/link_token.ts";
import { emailOf, PASSWORD, type Person } from "../http/cast.ts";
import { freshDatabase, postgresTest } from "../real_postgres.ts";

const ROUNDS = 20;

async function onRealPostgres(serverUrl: string) {
  const fresh = await freshDatabase(serverUrl);
  const stack = await startStack({ port: 0, databaseUrl: fresh.url, web: false, rateLimits: false });
  const call = async (token: string | undefined, method: string, path: string, body?: unknown) => {
    const answer = await fetch(stack.url + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : undefined };
  };
  return {
    stack,
    call,
    signIn: async (person: Person): Promise<string> =>
      (await call(undefined, "POST", "/api/login", { email: emailOf(person), password: PASSWORD })).body
        .token,
    [Symbol.asyncDispose]: async () => {
      await stack.stop();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

const tally = (answers: { status: number }[]) => answers.map(({ status }) => status).sort();

postgresTest("team and tickets under racing callers", async (t, serverUrl) => {
  await using real = await onRealPostgres(serverUrl);
  const { call, stack, signIn } = real;
  const { query } = stack.database;
  const owner = await signIn("owner");

  await t.step("one ticket, many streams at once: one is let in", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const digest = digestLinkToken(drawLinkToken("ticket"));
      await query(
        "select public.issue_stream_ticket($1, auth_user_id, null, now()) from public.profiles where id = 1",
        [digest],
      );
      const answers = await Promise.all(
        Array.from(
          { length: 20 },
          () =>
            query<{ fault: string | null }>("select public.redeem_stream_ticket($1) ->> 'fault' as fault", [
              digest,
            ]),
        ),
      );
      const faults = answers.map(([row]) => row!.fault);
      assert.equal(faults.filter((fault) => fault === null).length, 1);
      assert.equal(faults.filter((fault) => fault === "ticket_invalid").length, 19);
    }
  });

  await t.step("one invitation accepted many times at once: once", async () => {
    const stranger = await signIn("stranger");
    for (let round = 0; round < ROUNDS; round++) {
      const invited = await call(owner, "POST", "/v1/settings/team/invite", {
        email: emailOf("stranger"),
        role: "user",
      });
      assert.equal(invited.status, 201, JSON.stringify(invited.body));
      const token = invited.body.accept_url.split("token=")[1];
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => call(stranger, "POST", "/v1/settings/team/accept", { token })),
      );
      assert.deepEqual(tally(answers), [200, ...Array(9).fill(422)]);
      const joined = await query(
        "select 1 from public.audit_events where action = 'invite.accepted' and target_id = $1",
        [String(invited.body.id)],
      );
      assert.equal(joined.length, 1);
      assert.equal((await call(owner, "DELETE", "/v1/settings/team/5")).status, 204);
    }
  });

  await t.step("many invitations of one address at once: one", async () => {
    for (let round = 0; round < 5; round++) {
      const body = { email: `${crypto.randomUUID()}@example.com`, role: "user" };
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => call(owner, "POST", "/v1/settings/team/invite", body)),
      );
      assert.deepEqual(tally(answers), [201, 409, 409, 409, 409]);
    }
  });

  await t.step("sending again while accepting: the old link works or is dead, never half", async () => {
    const stranger = await signIn("stranger");
    for (let round = 0; round < ROUNDS / 2; round++) {
      const invited = await call(owner, "POST", "/v1/settings/team/invite", {
        email: emailOf("stranger"),
        role: "user",
      });
      const token = invited.body.accept_url.split("token=")[1];
      const [accepted, resent] = await Promise.all([
        call(stranger, "POST", "/v1/settings/team/accept", { token }),
        call(owner, "POST", `/v1/settings/team/invites/${invited.body.id}/resend`),
      ]);
      const members = await query(
        "select 1 from public.memberships where profile_id = 5 and organization_id = 1",
      );
      assert.deepEqual(
        [accepted.status, resent.status, members.length],
        accepted.status === 200 ? [200, 422, 1] : [404, 200, 0],
      );
      if (members.length > 0) await call(owner, "DELETE", "/v1/settings/team/5");
      else await call(owner, "DELETE", `/v1/settings/team/invites/${invited.body.id}`);
      // Ten a day of these would use up the day's mails.
      await query("delete from private.rate_windows where bucket like 'invitemail:%'");
    }
  });

  await t.step("owners who demote, remove and leave at once: one owner is left", async () => {
    const admin = await signIn("admin");
    const moves: [string, string, string, unknown][][] = [
      [[owner, "PUT", "3", { role: "user" }], [admin, "PUT", "2", { role: "user" }]],
      [[owner, "PUT", "3", { role: "viewer" }], [admin, "DELETE", "2", undefined]],
      [[owner, "DELETE", "2", undefined], [admin, "DELETE", "3", undefined]],
      [[owner, "PUT", "2", { role: "admin" }], [admin, "PUT", "3", { role: "admin" }]],
    ];
    for (let round = 0; round < ROUNDS; round++) {
      await query(
        `insert into public.memberships values (1, 2, 'owner'), (1, 3, 'owner')
         on conflict (organization_id, profile_id) do update set role = excluded.role`,
      );
      await query("update public.profiles set organization_id = 1 where id in (2, 3)");
      const answers = await Promise.all(
        moves[round % moves.length]!.map(([token, method, id, body]) =>
          call(token, method, `/v1/settings/team/${id}`, body)
        ),
      );
      const owners = await query(
        "select profile_id from public.memberships where organization_id = 1 and role = 'owner'",
      );
      assert.equal(owners.length, 1, JSON.stringify(answers.map((answer) => answer.body)));
      // Whoever came second met the rule (422), or was no owner any more when their turn came (403).
      assert.ok(answers.some((answer) => answer.status < 300));
      assert.ok(answers.some((answer) => answer.status === 422 || answer.status === 403));
    }
    await query(
      "update public.memberships set role = 'owner' where organization_id = 1 and profile_id in (2, 3)",
    );
  });

  await t.step("after all of it every chain is whole", async () => {
    await query("update public.profiles set organization_id = 1 where id = 2");
    await query("insert into public.memberships values (1, 2, 'owner') on conflict do nothing");
    const { body } = await call(owner, "GET", "/v1/settings/audit-log/verify");
    assert.deepEqual([body.intact, body.broken], [true, null]);
    const gaps = await query(
      "select organization_id from public.audit_events group by 1 having max(sequence) <> count(*) or min(sequence) <> 1",
    );
    assert.deepEqual(gaps, []);
  });
});
