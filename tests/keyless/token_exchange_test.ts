/** Guarantee: only a good, fresh id token of a job that exactly one policy trusts becomes a key, once. */
import assert from "node:assert/strict";
import type { Algorithm } from "./oidc_issuer.ts";
import { startKeyless } from "./keyless_stack.ts";

const { cast, issuer, organization, exchange, trust, trustNobody } = await startKeyless();
const { callWith, stack } = cast;
const now = () => Math.floor(Date.now() / 1000);
const keys = async () =>
  (await stack.database.query("select id from public.api_keys where trust_policy_id is not null")).length;
const oauthError = ({ status, body }: { status: number; body: { details?: { error?: string } } }) => [
  status,
  body.details?.error,
];
const REFUSED = [400, "invalid_grant"];

Deno.test.beforeEach(trustNobody);

Deno.test("a trusted job gets a key that lives minutes and can do what the policy says", async () => {
  await trust({ max_seconds: 600 });
  const answer = await exchange(await issuer.token());
  assert.equal(answer.status, 200);
  assert.deepEqual({ ...answer.body, access_token: answer.body.access_token.slice(0, 8) }, {
    access_token: "ia_live_",
    issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
    token_type: "Bearer",
    expires_in: 600,
    scope: "resources:read resources:write drifts:read",
  });
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const key = answer.body.access_token;
  const me = (await callWith(key, "GET", "/v1/auth/whoami")).body;
  assert.equal(me.type, "api_key");
  assert.deepEqual(me.permissions, ["resources:read", "resources:write", "drifts:read"]);
  assert.ok(Math.abs(Date.parse(me.expires_at) / 1000 - now() - 600) < 10);
  assert.equal((await callWith(key, "GET", "/v1/resources")).status, 200);
  assert.equal((await callWith(key, "GET", "/v1/settings/team")).status, 403);
  assert.equal((await callWith(key, "POST", "/v1/settings/api-keys", { name: "more" })).status, 403);
});

Deno.test("all three algorithms are taken, and scope narrows", async () => {
  await trust();
  for (const algorithm of ["RS256", "ES256", "EdDSA"] satisfies Algorithm[]) {
    const answer = await exchange(await issuer.token({}, { algorithm }), { scope: "drifts:read" });
    assert.deepEqual([answer.status, answer.body.scope], [200, "drifts:read"], algorithm);
  }
});

Deno.test("an id token is good once, of many at the same time too; without a jti as well", async () => {
  await trust();
  for (const jti of [crypto.randomUUID(), undefined]) {
    const before = await keys();
    const token = await issuer.token({ jti }, { algorithm: "ES256" });
    const answers = await Promise.all(Array.from({ length: 5 }, () => exchange(token)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400, 400, 400]);
    // The other signature that ES256 has for the same text is the same token.
    assert.deepEqual(oauthError(await exchange(twinOf(token))), REFUSED);
    assert.equal(await keys(), before + 1);
  }
});

Deno.test("anything wrong about the token gets no key", async () => {
  await trust();
  const before = await keys();
  const rows: [string, Record<string, unknown>][] = [
    ["expired", { iat: now() - 400, exp: now() - 1 }],
    ["not yet", { iat: now() + 90, exp: now() + 400, nbf: undefined }],
    ["not before", { nbf: now() + 90 }],
    ["no end", { exp: undefined }],
    ["a fractional end", { exp: now() + 90.5 }],
    ["no beginning", { iat: undefined }],
    ["ends before it begins", { iat: now(), exp: now() - 10 }],
    ["lives for days", { exp: now() + 2 * 86_400 }],
    ["another audience", { aud: "another" }],
    ["no audience", { aud: undefined }],
    ["an audience of numbers", { aud: [1] }],
    ["the issuer with a slash", { iss: `${issuer.url}/` }],
    ["another issuer", { iss: "https://token.actions.githubusercontent.com" }],
    ["no issuer", { iss: undefined }],
    ["no subject", { sub: undefined }],
    ["another repository", { repository: "acme/infra2" }],
    ["another owner", { repository: "evil/infra" }],
    ["another branch", { ref: "refs/heads/maine" }],
    ["no ref", { ref: undefined }],
    ["a ref that is an object", { ref: { a: 1 } }],
  ];
  for (const [name, claims] of rows) {
    assert.deepEqual(oauthError(await exchange(await issuer.token(claims))), REFUSED, name);
  }
  const good = await issuer.token();
  const [head, body, signature] = good.split(".") as [string, string, string];
  const none = btoa(JSON.stringify({ alg: "none", kid: "RS256-1" })).replace(/=+$/, "");
  const texts: [string, string][] = [
    ["an unsigned one", `${none}.${body}.`],
    ["another's signature", `${head}.${body}.${(await issuer.token()).split(".")[2]}`],
    ["padding", `${good}=`],
    ["white space", `${head}.${body} .${signature}`],
    ["two segments", `${head}.${body}`],
    ["too long", `${head}.${body}.${"A".repeat(9000)}`],
    ["a key in its header", await issuer.token({}, { header: { jwk: {} } })],
    ["a key set in its header", await issuer.token({}, { header: { jku: "https://evil.example" } })],
    ["an unknown kid", await issuer.token({}, { header: { kid: "unknown" } })],
    ["a kid of another algorithm", await issuer.token({}, { header: { kid: "ES256-1" } })],
    ["one of our own", (await cast.credential("owner"))!],
    ["a key", (await cast.credential("key:drifts:read"))!],
    ["no token", "x"],
  ];
  for (const [name, text] of texts) assert.deepEqual(oauthError(await exchange(text)), REFUSED, name);
  assert.equal(await keys(), before);
});

Deno.test("the standard's errors for a request that is none", async () => {
  await trust();
  const rows: [string, Record<string, string | undefined>, string][] = [
    ["no grant", { grant_type: undefined }, "invalid_request"],
    ["another grant", { grant_type: "client_credentials" }, "unsupported_grant_type"],
    ["no token", { subject_token: undefined }, "invalid_request"],
    ["no token type", { subject_token_type: undefined }, "invalid_request"],
    [
      "another token type",
      { subject_token_type: "urn:ietf:params:oauth:token-type:saml2" },
      "invalid_request",
    ],
    ["no audience", { audience: undefined }, "invalid_target"],
    ["no organization's", { audience: "Demo" }, "invalid_target"],
    ["a scope there is not", { scope: "resources:read everything" }, "invalid_scope"],
    ["a scope that the policy lacks", { scope: "team:read" }, "invalid_scope"],
    ["another organization", { audience: String(organization + 1) }, "invalid_grant"],
    ["no organization at all", { audience: "999999" }, "invalid_grant"],
  ];
  for (const [name, parameters, error] of rows) {
    assert.deepEqual(oauthError(await exchange(await issuer.token(), parameters)), [400, error], name);
  }
  const twice = await fetch(`${stack.url}/v1/auth/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=a&grant_type=b",
  });
  assert.equal((await twice.json()).details.error, "invalid_request");
  const json = await callWith(undefined, "POST", "/v1/auth/token", { grant_type: "x" });
  assert.deepEqual([json.status, json.body.code], [415, "UNSUPPORTED_MEDIA_TYPE"]);
  // Refused requests used none of the tokens up.
  assert.equal((await exchange(await issuer.token())).status, 200);
});

Deno.test("two or a hundred policies that fit are one too many", async () => {
  for (let number = 0; number < 100; number++) {
    const { status } = await trust({ name: `policy ${number}` });
    assert.equal(status, 201);
  }
  assert.deepEqual(oauthError(await exchange(await issuer.token())), REFUSED);
  await stack.database.query("delete from public.trust_policies where name <> 'policy 7'");
  assert.equal((await exchange(await issuer.token())).status, 200);
});

Deno.test("patterns: a star stands for anything, other signs for themselves", async () => {
  const rows: [Record<string, string>, Record<string, unknown>, boolean][] = [
    [{ sub: "repo:acme/*" }, {}, true],
    [{ sub: "repo:acme/*:environment:production" }, {}, false],
    [{ repository: "acme/infr_" }, {}, false],
    [{ repository: "acme/%" }, {}, false],
    [{ repository: "acme/*", ref: "refs/heads/*" }, {}, true],
    [{ repository: "acme/*", ref: "refs/tags/*" }, {}, false],
    [{ repository: "a\\cme/*" }, {}, false],
    [{ repository_id: "4711" }, { repository_id: 4711 }, true],
    [{ groups: "admins" }, { groups: ["users", "admins"] }, true],
    [{ groups: "admins" }, { groups: ["users"] }, false],
    [{ repository: "ACME/infra" }, {}, false],
  ];
  for (const [conditions, claims, isTrusted] of rows) {
    await trustNobody();
    assert.equal((await trust({ conditions })).status, 201);
    const { status } = await exchange(await issuer.token(claims));
    assert.equal(status === 200, isTrusted, JSON.stringify(conditions));
  }
});

Deno.test("the audit log tells the job: repository, ref, workflow, run", async () => {
  const policy = (await trust()).body;
  const { access_token } = (await exchange(await issuer.token())).body;
  const { data } = (await cast.call("owner", "GET", `/v1/settings/audit-log?action=trust_policy.used`)).body;
  assert.deepEqual([data[0].target_id, data[0].details], [String(policy.id), {
    name: "Deploys of main",
    issuer: issuer.url,
    api_key: access_token.slice(0, 18),
    subject: "repo:acme/infra:ref:refs/heads/main",
    repository: "acme/infra",
    ref: "refs/heads/main",
    workflow: "acme/infra/.github/workflows/drift.yml@refs/heads/main",
    run: "1234567",
  }]);
});

/** The same text under the other signature that is right for it: (r, n − s). */
function twinOf(token: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const [head, body, signature] = token.split(".") as [string, string, string];
  const bytes = Uint8Array.fromBase64(signature, { alphabet: "base64url" });
  const s = BigInt(`0x${bytes.slice(32).toHex()}`);
  const other = Uint8Array.fromHex((order - s).toString(16).padStart(64, "0"));
  const twin = new Uint8Array([...bytes.slice(0, 32), ...other]);
  return `${head}.${body}.${twin.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}
