/** Guarantee: a policy trusts nobody by accident, gives no more than its maker may, and its keys die with it. */
import assert from "node:assert/strict";
import { TRUST_PRESETS } from "../../shared/contracts/trust_policies.ts";
import { EVERYBODY, type Person } from "../http/cast.ts";
import { startKeyless } from "./keyless_stack.ts";

const { cast, issuer, exchange, trust, trustNobody } = await startKeyless();
const { call, callWith, stack } = cast;
const PATH = "/v1/settings/trust-policies";
const policies = () => stack.database.query("select * from public.trust_policies order by id");
const goodBody = (changes: Record<string, unknown> = {}) => ({
  name: "x",
  issuer: issuer.url,
  conditions: { repository: "acme/infra" },
  scopes: ["resources:read"],
  ...changes,
});

Deno.test.beforeEach(trustNobody);

Deno.test("who may make one: members who may make keys, in a session, with what they may do themselves", async () => {
  const expected: Record<string, number> = { owner: 201, admin: 201, user: 201, stranger: 201, viewer: 403 };
  for (const actor of EVERYBODY) {
    const { status } = await call(actor, "POST", PATH, goodBody({ name: actor }));
    assert.equal(status, expected[actor] ?? (actor === "anonymous" ? 401 : 403), actor);
  }
  assert.equal((await policies()).length, 4);
  const wider = await call("user", "POST", PATH, goodBody({ scopes: ["resources:read", "audit:read"] }));
  assert.deepEqual([wider.status, wider.body.details], [403, { required: "audit:read" }]);
  const whole = cast.credential("owner").then((token) =>
    callWith(token, "POST", "/v1/settings/api-keys", {
      name: "all",
      scopes: ["api_keys:read", "api_keys:write", "resources:read"],
    })
  );
  const byKey = await callWith((await whole).body.key, "POST", PATH, goodBody());
  assert.equal(byKey.status, 403, "a key would outlive itself by a policy");
  assert.equal((await policies()).length, 4);
});

Deno.test("a policy that pins nobody is refused with words", async () => {
  const github = TRUST_PRESETS.github.issuer;
  const rows: [string, Record<string, unknown>, RegExp][] = [
    [issuer.url, {}, /issuer alone would trust/],
    [issuer.url, { sub: "*" }, /matches anything/],
    [issuer.url, { sub: "**" }, /matches anything/],
    [issuer.url, { repository: "acme/infra", ref: "*" }, /ref matches anything/],
    [issuer.url, { iss: "x" }, /can't be on the claim iss/],
    [issuer.url, { "a b": "x" }, /can't be on the claim/],
    [github, { ref: "refs/heads/main" }, /whose job it is/],
    [github, { repository: "*/infra" }, /whose job it is/],
    [github, { repository: "acme*" }, /whose job it is/],
    [github, { sub: "repo:*" }, /whose job it is/],
    [github, { sub: "repo:*/infra:ref:refs/heads/main" }, /whose job it is/],
    [github, { repository_owner: "acme*" }, /whose job it is/],
    [TRUST_PRESETS.gitlab.issuer, { ref: "main" }, /whose job it is/],
    [TRUST_PRESETS.terraform.issuer, { sub: "organization:*" }, /whose job it is/],
    [TRUST_PRESETS.buildkite.issuer, { pipeline_slug: "infra" }, /whose job it is/],
  ];
  for (const [from, conditions, words] of rows) {
    const { status, body } = await call("owner", "POST", PATH, goodBody({ issuer: from, conditions }));
    assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"], JSON.stringify(conditions));
    assert.match(body.error, words);
  }
  for (const [name, preset] of Object.entries(TRUST_PRESETS)) {
    const { status } = await call("owner", "POST", PATH, goodBody({ ...preset, name }));
    assert.equal(status, 201, name);
  }
  const pins = [{ repository: "acme/*" }, { sub: "repo:acme/*" }, { repository_owner: "acme" }, {
    repository_id: "1",
  }];
  for (const [index, conditions] of pins.entries()) {
    const body = goodBody({ name: `pin ${index}`, issuer: github, conditions });
    assert.equal((await call("owner", "POST", PATH, body)).status, 201, JSON.stringify(conditions));
  }
});

Deno.test("bad fields are named; a name is taken once", async () => {
  const rows: [Record<string, unknown>, number][] = [
    [{ issuer: "http://issuer.example" }, 400],
    [{ issuer: "https://user@issuer.example" }, 400],
    [{ issuer: "https://issuer.example/?a" }, 400],
    [{ issuer: "ftp://issuer.example" }, 400],
    [{ scopes: [] }, 400],
    [{ scopes: ["everything"] }, 400],
    [{ max_seconds: 59 }, 400],
    [{ max_seconds: 3601 }, 400],
    [{ name: " " }, 400],
    [{ audience: "" }, 400],
    [{ conditions: { sub: 1 } }, 400],
    [{ extra: 1 }, 400],
  ];
  for (const [changes, status] of rows) {
    assert.equal(
      (await call("owner", "POST", PATH, goodBody(changes))).status,
      status,
      JSON.stringify(changes),
    );
  }
  assert.deepEqual(await policies(), []);
  assert.equal((await trust()).status, 201);
  assert.equal((await trust()).status, 409);
});

Deno.test("everybody sees and changes what they answer for, and nothing else", async () => {
  const own = (await call("user", "POST", PATH, goodBody())).body;
  const others = (await trust()).body;
  const list = async (actor: Person) =>
    (await call(actor, "GET", PATH)).body.map(({ id }: { id: number }) => id);
  assert.deepEqual(await list("user"), [own.id]);
  assert.deepEqual(await list("admin"), [own.id, others.id]);
  assert.deepEqual(await list("stranger"), []);
  assert.equal((await call("viewer", "GET", PATH)).status, 403);
  for (const actor of ["user", "stranger"] as const) {
    assert.equal((await call(actor, "GET", `${PATH}/${others.id}`)).status, 403, actor);
    assert.equal((await call(actor, "PATCH", `${PATH}/${others.id}`, { name: "mine" })).status, 403, actor);
    assert.equal((await call(actor, "DELETE", `${PATH}/${others.id}`)).status, 403, actor);
  }
  assert.equal((await call("owner", "GET", `${PATH}/999999`)).status, 404);
  assert.equal((await policies()).length, 2);
});

Deno.test("nobody lets themselves in by a policy that may do more than they", async () => {
  const owners = (await trust({ scopes: ["team:read", "team:write"] })).body;
  const answer = await call("admin", "PATCH", `${PATH}/${owners.id}`, {
    conditions: { sub: "repo:admin/x" },
  });
  assert.deepEqual([answer.status, answer.body.details], [403, { required: "team:write" }]);
  const [row] = await policies();
  assert.deepEqual(row!.conditions, owners.conditions);
});

Deno.test("its keys die on the next request: with the policy, its conditions, its maker, its own revocation", async () => {
  const key = async () => (await exchange(await issuer.token())).body.access_token as string;
  const use = async (credential: string) => {
    const { status, body } = await callWith(credential, "GET", "/v1/resources");
    return [status, body.code];
  };
  const dead = [401, "API_KEY_REVOKED"];

  const deleted = (await trust()).body;
  const first = await key();
  assert.equal((await use(first))[0], 200);
  assert.equal((await call("owner", "DELETE", `${PATH}/${deleted.id}`)).status, 204);
  assert.deepEqual(await use(first), dead);
  assert.equal((await exchange(await issuer.token())).status, 400);

  const changed = (await trust()).body;
  const second = await key();
  await call("owner", "PATCH", `${PATH}/${changed.id}`, { name: "renamed" });
  assert.equal((await use(second))[0], 200);
  await call("owner", "PATCH", `${PATH}/${changed.id}`, { scopes: ["resources:read"] });
  assert.deepEqual(await use(second), dead);

  const third = await key();
  const list = (await call("owner", "GET", "/v1/settings/api-keys")).body;
  const row = list.find(({ prefix }: { prefix: string }) => third.startsWith(prefix));
  assert.equal(row.name, "renamed: repo:acme/infra:ref:refs/heads/main");
  assert.equal((await call("owner", "DELETE", `/v1/settings/api-keys/${row.id}`)).status, 204);
  assert.deepEqual(await use(third), dead);

  await trustNobody();
  await call("user", "POST", PATH, goodBody({ scopes: ["resources:read", "resources:write"] }));
  const users = await key();
  const role = async (to: string) => {
    await stack.database.query(
      `update public.memberships set role = $1::public.member_role
       where profile_id = (select id from public.profiles where email = 'user@example.com')`,
      [to],
    );
  };
  await role("viewer");
  assert.deepEqual((await callWith(users, "GET", "/v1/auth/whoami")).body.permissions, ["resources:read"]);
  await role("user");
  await stack.database.query(
    "update auth.users set banned_until = now() + interval '1 hour' where email = 'user@example.com'",
  );
  assert.deepEqual(await use(users), dead);
  assert.equal((await exchange(await issuer.token())).status, 400);
});

Deno.test("what was done to policies is in the audit log", async () => {
  const { id } = (await trust()).body;
  await call("owner", "PATCH", `${PATH}/${id}`, { max_seconds: 60 });
  await call("owner", "DELETE", `${PATH}/${id}`);
  const { data } = (await call("owner", "GET", `/v1/settings/audit-log?target=trust_policy:${id}`)).body;
  assert.deepEqual(data.map(({ action }: { action: string }) => action), [
    "trust_policy.deleted",
    "trust_policy.changed",
    "trust_policy.created",
  ]);
  assert.equal(data[1].details.after.max_seconds, 60);
  assert.equal((await call("owner", "GET", "/v1/settings/audit-log/verify")).body.intact, true);
});
