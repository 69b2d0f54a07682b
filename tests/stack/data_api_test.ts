/** The local Data API allows, refuses and answers as PostgREST on a hosted project does. */
import assert from "node:assert/strict";
import { clientOf, type RunningStack, runStack, signedIn, tokenOf } from "./running_stack.ts";

Deno.test("the local Data API", async (t) => {
  await using stack = await runStack();
  for (const statement of SCRATCH_SCHEMA) await stack.database.query(statement);

  await t.step("a table without a grant is closed to every role, the service's too", async () => {
    const user = await signedIn(stack, "user@example.com");
    const callers = { anonymous: clientOf(stack), user, service: clientOf(stack, stack.secretKey) };
    const expected = { anonymous: 401, user: 403, service: 403 };
    for (const [name, client] of Object.entries(callers)) {
      const { status, error } = await client.from("ungranted").select("*");
      assert.equal(status, expected[name as keyof typeof expected], name);
      assert.equal(error?.code, "42501", name);
    }
    const grants = await stack.database.query(
      `select grantee from information_schema.role_table_grants
       where table_schema = 'public' and table_name = 'ungranted' and grantee in ('anon', 'authenticated', 'service_role')`,
    );
    assert.deepEqual(grants, []);
  });

  await t.step("what a statement raises keeps its code and words, with PostgREST's status", async (t) => {
    const user = await signedIn(stack, "user@example.com");
    for (const { name, run, status, code, message } of STATEMENT_FAULTS) {
      await t.step(name, async () => {
        const before = await stack.database.query("select * from public.notes order by id");
        const answer = await fetch(`${stack.url}/rest/v1/${run.path}`, {
          method: "POST",
          headers: {
            apikey: stack.publishableKey,
            authorization: `Bearer ${await tokenOf(user)}`,
            "content-type": "application/json",
          },
          body: JSON.stringify(run.body),
        });
        const body = await answer.json();
        assert.equal(answer.status, status, JSON.stringify(body));
        assert.deepEqual(Object.keys(body).sort(), ["code", "details", "hint", "message"]);
        assert.equal(body.code, code);
        assert.match(body.message, message);
        assert.deepEqual(await stack.database.query("select * from public.notes order by id"), before);
      });
    }
  });

  await t.step("a raised error keeps its details and its hint", async () => {
    const { error } = await (await signedIn(stack, "user@example.com")).rpc("raise_with", { state: "P0001" });
    assert.deepEqual({ ...error }, {
      ...error,
      code: "P0001",
      details: "the details",
      hint: "the hint",
      message: "raised",
    });
  });

  await t.step("claims reach auth.jwt() and auth.uid() whole, in rpc and in policies", async () => {
    const user = await signedIn(stack, "user@example.com");
    const { data, error } = await user.rpc("whoami");
    assert.equal(error, null);
    assert.equal(data.uid, data.claims.sub);
    assert.equal(data.role, "authenticated");
    assert.equal(data.claims.email, "user@example.com");
    assert.equal(data.claims.aal, "aal1");
    assert.equal(data.claims.app_metadata.provider, "email");
    const own = await user.from("notes").insert({ content: "mine" }).select("content, owner");
    assert.deepEqual(own.data, [{ content: "mine", owner: data.uid }]);
    const stranger = await signedIn(stack, "stranger@example.com");
    assert.deepEqual((await stranger.from("notes").select("content")).data, []);
    const stolen = await stranger.from("notes").insert({ content: "theirs", owner: data.uid });
    assert.equal(stolen.status, 403);
  });

  await t.step("the secret key passes row-level security where it has the grant", async () => {
    const { data, error } = await clientOf(stack, stack.secretKey).from("notes").select("content");
    assert.equal(error, null);
    assert.deepEqual(data, [{ content: "mine" }]);
  });

  await t.step("requests at the same time keep their own identity and transaction", async () => {
    const people = ["user", "admin", "viewer", "owner", "stranger"].map((name) => `${name}@example.com`);
    const clients = await Promise.all(people.map((email) => signedIn(stack, email)));
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const which = index % (people.length + 1);
        const client = clients[which];
        if (!client) return (await clientOf(stack).from("notes").select("id")).status === 401;
        // A failing statement in between must not take another request's transaction with it.
        if (index % 7 === 0) return (await client.rpc("raise_with", { state: "PT418" })).status === 418;
        return (await client.rpc("whoami")).data?.claims.email === people[which];
      }),
    );
    assert.deepEqual(answers.filter((isRight) => !isRight), []);
  });

  await t.step("relations are embedded, and a schema that is not exposed stays shut", async () => {
    const user = await signedIn(stack, "user@example.com");
    const embedded = await user.from("memberships").select("role, organizations(name)").eq("role", "viewer");
    assert.deepEqual(embedded.data, [{ role: "viewer", organizations: { name: "Demo" } }]);
    for (const schema of ["private", "auth", "dev", "supabase_migrations"]) {
      const { status } = await user.schema(schema).from("settings").select("*");
      assert.equal(status, 406, schema);
    }
  });
});

Deno.test("a stack without a request so far has given no grants away", async () => {
  await using stack: RunningStack = await runStack();
  const wide = await stack.database.query(
    `select table_name, grantee, privilege_type from information_schema.role_table_grants
     where table_schema = 'public' and grantee = 'anon'`,
  );
  assert.deepEqual(wide, []);
});

const SCRATCH_SCHEMA = [
  "create table public.ungranted (id bigint generated always as identity primary key)",
  "alter table public.ungranted enable row level security",
  `create table public.notes (
    id bigint generated always as identity primary key,
    owner uuid not null default auth.uid(),
    content text not null unique check (content <> 'forbidden'),
    stars smallint,
    parent bigint references public.notes (id)
  )`,
  "alter table public.notes enable row level security",
  `create policy "people keep their own notes" on public.notes to authenticated
    using (owner = (select auth.uid())) with check (owner = (select auth.uid()))`,
  "grant select, insert on public.notes to authenticated",
  "grant select on public.notes to service_role",
  `create function public.whoami() returns jsonb language sql stable set search_path = '' as $$
    select jsonb_build_object('uid', auth.uid(), 'role', auth.role(), 'claims', auth.jwt())
  $$`,
  `create function public.raise_with(state text) returns void language plpgsql set search_path = '' as $$
    begin raise exception 'raised' using errcode = state, detail = 'the details', hint = 'the hint'; end
  $$`,
  "grant execute on function public.whoami(), public.raise_with(text) to authenticated",
];

const STATEMENT_FAULTS = [
  insert("a check that fails", { content: "forbidden" }, 400, "23514", /violates check constraint/),
  insert("a null where none may be", { content: null }, 400, "23502", /null value in column "content"/),
  insert(
    "text where a number belongs",
    { content: "a", stars: "many" },
    400,
    "22P02",
    /invalid input syntax/,
  ),
  insert("a number too large", { content: "a", stars: 99999 }, 400, "22003", /out of range/),
  insert("a reference to nothing", { content: "a", parent: 99999 }, 409, "23503", /foreign key/),
  insert("the same twice", [{ content: "a" }, { content: "a" }], 409, "23505", /duplicate key/),
  insert("another's row", { content: "a", owner: crypto.randomUUID() }, 403, "42501", /row-level security/),
  raise("PT404", 404),
  raise("PT429", 429),
  raise("PT503", 503),
  raise("42501", 403),
  raise("P0001", 400),
  raise("P0002", 500),
  raise("57014", 500),
  raise("40001", 500),
  raise("22P02", 400),
  raise("28000", 403),
  raise("53400", 500),
];

function insert(name: string, body: unknown, status: number, code: string, message: RegExp) {
  return { name, run: { path: "notes", body }, status, code, message };
}

function raise(code: string, status: number) {
  const run = { path: "rpc/raise_with", body: { state: code } };
  return { name: `raise sqlstate ${code}`, run, status, code, message: /^raised$/ };
}
