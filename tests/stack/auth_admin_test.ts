/** Operators ban, change, add, invite and delete people with the secret key, and nobody else can. */
import assert from "node:assert/strict";
import { clientOf, DEMO_PASSWORD, runStack, signedIn, tokenOf } from "./running_stack.ts";

Deno.test("the Auth admin API of the local stack", async (t) => {
  await using stack = await runStack();
  const admin = clientOf(stack, stack.secretKey).auth.admin;
  const idOf = async (email: string) => {
    const [user] = await stack.database.query<{ id: string }>("select id from auth.users where email = $1", [
      email,
    ]);
    return user!.id;
  };
  const people = () =>
    stack.database.query("select id, email, banned_until, updated_at from auth.users order by id");
  const mails = async () => await (await fetch(`${stack.url}/dev/mailbox.json`)).json();

  await t.step(
    "mail is shown under this machine's names only, so that no page elsewhere can read it",
    async () => {
      const { port } = new URL(stack.url);
      const statusUnder = async (host: string) => {
        using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
        await connection.write(
          new TextEncoder().encode(
            `GET /dev/mailbox.json HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
          ),
        );
        return (await new Response(connection.readable).text()).slice(9, 12);
      };
      const seen = await Promise.all(
        [`127.0.0.1:${port}`, `localhost:${port}`, `evil.example:${port}`, "127.0.0.1.evil.example"].map(
          statusUnder,
        ),
      );
      assert.deepEqual(seen, ["200", "200", "403", "403"]);
    },
  );

  await t.step(
    "neither the publishable key nor a person's token is enough, and nothing changes",
    async () => {
      const before = await people();
      const token = await tokenOf(await signedIn(stack, "owner@example.com"));
      const id = await idOf("viewer@example.com");
      const attempts: Record<string, string>[] = [
        { apikey: stack.publishableKey },
        { apikey: stack.publishableKey, authorization: `Bearer ${token}` },
        { apikey: stack.secretKey, authorization: `Bearer ${token}` },
      ];
      for (const headers of attempts) {
        for (
          const [method, path, body] of [
            ["GET", "/admin/users", undefined],
            ["PUT", `/admin/users/${id}`, '{"ban_duration":"1h"}'],
            ["DELETE", `/admin/users/${id}`, undefined],
            ["POST", "/invite", '{"email":"guest@example.com"}'],
          ] as const
        ) {
          const answer = await fetch(`${stack.url}/auth/v1${path}`, {
            method,
            body: body ?? null,
            headers,
          });
          assert.equal(answer.status, 403, `${method} ${path}`);
          assert.equal((await answer.json()).error_code, "not_admin");
        }
      }
      assert.deepEqual(
        (await people()).map(({ updated_at: _, ...person }) => person),
        before.map(({ updated_at: _, ...person }) => person),
      );
    },
  );

  await t.step("a banned person can neither sign in nor refresh, until the ban is lifted", async () => {
    const client = await signedIn(stack, "viewer@example.com");
    const refresh_token = (await client.auth.getSession()).data.session!.refresh_token;
    const id = await idOf("viewer@example.com");
    const banned = await admin.updateUserById(id, { ban_duration: "1h30m" });
    assert.equal(banned.error, null);
    const until = Date.parse((banned.data.user as { banned_until?: string }).banned_until!);
    assert.ok(Math.abs(until - Date.now() - 90 * 60_000) < 60_000);
    const before = await stack.database.query("select id from auth.sessions order by id");
    const signIn = await clientOf(stack).auth.signInWithPassword({
      email: "Viewer@example.com",
      password: DEMO_PASSWORD,
    });
    assert.equal(signIn.error?.code, "user_banned");
    const refresh = await clientOf(stack).auth.refreshSession({ refresh_token });
    assert.equal(refresh.error?.code, "user_banned");
    assert.deepEqual(await stack.database.query("select id from auth.sessions order by id"), before);
    await admin.updateUserById(id, { ban_duration: "none" });
    await signedIn(stack, "viewer@example.com");
  });

  await t.step("a person is added, found, changed and deleted, with the sessions", async () => {
    const added = await admin.createUser({
      email: "Added@Example.com",
      password: "a long password",
      email_confirm: true,
      user_metadata: { full_name: "Adi Added" },
    });
    assert.equal(added.error, null);
    const id = added.data.user!.id;
    assert.equal(added.data.user!.email, "added@example.com");
    const twice = await admin.createUser({ email: "added@example.com", password: "a long password" });
    assert.equal(twice.error?.code, "email_exists");
    assert.equal((await admin.getUserById(id)).data.user?.user_metadata.full_name, "Adi Added");
    assert.ok((await admin.listUsers()).data.users.some((user) => user.id === id));
    await admin.updateUserById(id, { password: "a longer password", user_metadata: { city: "Bonn" } });
    const signIn = await clientOf(stack).auth.signInWithPassword({
      email: "added@example.com",
      password: "a longer password",
    });
    assert.equal(signIn.error, null);
    assert.deepEqual(signIn.data.user?.user_metadata, { full_name: "Adi Added", city: "Bonn" });
    assert.equal((await admin.deleteUser(id)).error, null);
    assert.deepEqual(await stack.database.query("select id from auth.sessions where user_id = $1", [id]), []);
    assert.equal((await admin.getUserById(id)).error?.code, "user_not_found");
  });

  const faults: [string, Record<string, unknown>, string][] = [
    ["a short password", { password: "12345" }, "weak_password"],
    ["a ban without a length", { ban_duration: "soon" }, "validation_failed"],
  ];
  for (const [name, change, code] of faults) {
    await t.step(`refused: ${name}`, async () => {
      const before = await people();
      const { error } = await admin.updateUserById(await idOf("admin@example.com"), change);
      assert.equal(error?.code, code);
      assert.deepEqual(await people(), before);
    });
  }

  await t.step("what the local stack does not have says so", async () => {
    const { error } = await admin.generateLink({ type: "recovery", email: "user@example.com" });
    assert.equal(error?.status, 501);
    assert.equal(
      (await admin.getUserById("00000000-0000-0000-0000-000000000001")).error?.code,
      "user_not_found",
    );
  });

  await t.step(
    "an invitation is mailed, its link signs in once and leads where it was asked to",
    async () => {
      const redirectTo = `${stack.url}/invited`;
      const { error } = await admin.inviteUserByEmail("guest@example.com", {
        redirectTo,
        data: { full_name: "Gus" },
      });
      assert.equal(error, null);
      const [mail] = await mails();
      assert.equal(mail.recipient, "guest@example.com");
      const link = mail.content.match(/http\S+/)[0];
      const followed = await fetch(link, { redirect: "manual" });
      await followed.body?.cancel();
      const [target, fragment] = followed.headers.get("location")!.split("#");
      assert.equal(target, redirectTo);
      const parameters = new URLSearchParams(fragment);
      assert.equal(parameters.get("type"), "invite");
      const person = await clientOf(stack).auth.getUser(parameters.get("access_token")!);
      assert.equal(person.data.user?.email, "guest@example.com");
      const again = await fetch(link, { redirect: "manual" });
      await again.body?.cancel();
      assert.match(again.headers.get("location")!, /error_code=otp_expired/);
      assert.equal((await admin.inviteUserByEmail("guest@example.com")).error?.code, "email_exists");
    },
  );

  await t.step("a forgotten password is reset by the mailed link", async () => {
    const redirectTo = `${stack.url}/reset`;
    await clientOf(stack).auth.resetPasswordForEmail("admin@example.com", { redirectTo });
    const [mail] = await mails();
    assert.equal(mail.recipient, "admin@example.com");
    const followed = await fetch(mail.content.match(/http\S+/)[0], { redirect: "manual" });
    await followed.body?.cancel();
    const [target, fragment] = followed.headers.get("location")!.split("#");
    assert.equal(target, redirectTo);
    const client = clientOf(stack);
    const parameters = new URLSearchParams(fragment);
    await client.auth.setSession({
      access_token: parameters.get("access_token")!,
      refresh_token: parameters.get("refresh_token")!,
    });
    assert.equal((await client.auth.updateUser({ password: "a new password" })).error, null);
    const page = await fetch(`${stack.url}/dev/mailbox`);
    assert.match(await page.text(), /admin@example\.com/);
  });
});

Deno.test("with confirmation asked for, a new person signs in only after following the mail", async () => {
  await using stack = await runStack({ confirmEmail: true });
  const person = { email: "new@example.com", password: "a long password" };
  const { data, error } = await clientOf(stack).auth.signUp(person);
  assert.equal(error, null);
  assert.equal(data.session, null);
  assert.equal((await clientOf(stack).auth.signInWithPassword(person)).error?.code, "email_not_confirmed");
  const [mail] = await (await fetch(`${stack.url}/dev/mailbox.json`)).json();
  const followed = await fetch(mail.content.match(/http\S+/)[0], { redirect: "manual" });
  await followed.body?.cancel();
  assert.match(followed.headers.get("location")!, /#access_token=ey/);
  assert.equal((await clientOf(stack).auth.signInWithPassword(person)).error, null);
});
