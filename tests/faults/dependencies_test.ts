/** Guarantee: what can't be known is 503, never 401 or 500, and right again at once when the dependency is back. */
import assert from "node:assert/strict";
import { makeSigningKey } from "../auth/signing.ts";
import { makeKey, outcome, signIn, startedIsolate, startedStack } from "../keys/api_calls.ts";

type Fault = (request: Request, real: () => Promise<Response>) => Response | Promise<Response>;

/** The project behind a door that can be made to fail: what `isHit` picks is answered by `fault`. */
function startFaultyProject(url: string) {
  const state: { isHit: (path: string) => boolean; fault: Fault } = {
    isHit: () => false,
    fault: (_, real) => real(),
  };
  const hung = new AbortController();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const real = async () => {
      const body = request.body ? await request.arrayBuffer() : null;
      return await fetch(url + pathname + search, { method: request.method, headers: request.headers, body });
    };
    return await (state.isHit(pathname) ? state.fault(request, real) : real());
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    /** Never answers, until the test ends. */
    hang: () =>
      new Promise<Response>((resolve) =>
        hung.signal.addEventListener("abort", () => resolve(new Response()))
      ),
    break(isHit: (path: string) => boolean, fault: Fault) {
      Object.assign(state, { isHit, fault });
    },
    heal() {
      state.isHit = () => false;
    },
    [Symbol.asyncDispose]: async () => {
      hung.abort();
      await server.shutdown();
    },
  };
}

const isKeySet = (path: string) => path.endsWith("/jwks.json");
const isAuth = (path: string) => path.startsWith("/auth/v1/") && !isKeySet(path);

Deno.test("dependencies that fail", async (t) => {
  await using stack = await startedStack({ rateLimits: false });
  await using project = startFaultyProject(stack.url);
  /** A function that starts cold: it knows no key yet. */
  const coldStart = () => startedIsolate(stack, { SUPABASE_URL: project.url, SUPABASE_JWT_SECRET: "" });
  const good = await startedIsolate(stack);
  const credential = await signIn(good, "owner");
  const { key } = await makeKey(good, credential);
  const me = { credential };

  const brokenSets: [string, Fault][] = [
    ["never answers", () => project.hang()],
    ["answers 500", () => new Response("down", { status: 500 })],
    ["answers with a page", () => new Response("<html>", { headers: { "content-type": "text/html" } })],
    ["is empty", () => Response.json({ keys: [] })],
    [
      "has keys of other kinds only",
      () => Response.json({ keys: [{ kty: "RSA", kid: "a", n: "AQAB", e: "AQAB" }] }),
    ],
  ];
  for (const [name, fault] of brokenSets) {
    await t.step(
      `a key set that ${name}: 503 for a cold function, and 200 at once when it is back`,
      async () => {
        project.break(isKeySet, fault);
        const call = await coldStart();
        const answer = await call("GET", "/auth/whoami", me);
        assert.equal(outcome(answer), "503 UNAVAILABLE");
        assert.ok(answer.headers.has("retry-after"));
        assert.equal(answer.headers.has("www-authenticate"), false);
        assert.equal((await call("GET", "/health/ready")).status, 503);
        project.heal();
        assert.equal(outcome(await call("GET", "/auth/whoami", me)), "200");
      },
    );
  }

  await t.step("what was known goes on while the set is broken", async () => {
    const call = await coldStart();
    assert.equal(outcome(await call("GET", "/auth/whoami", me)), "200");
    project.break(isKeySet, () => Response.json({ keys: [] }));
    // Readiness asks the endpoint, and must not take the empty set for the truth.
    const { status, body } = await call("GET", "/health/ready");
    assert.deepEqual([status, body.details.faults], [503, ["The published signing keys can't be fetched."]]);
    assert.equal(outcome(await call("GET", "/auth/whoami", me)), "200");
    assert.equal(outcome(await call("GET", "/auth/whoami", { credential: key })), "200");
    project.heal();
  });

  await t.step("keys that rotate: a token of the new one is good at once", async () => {
    const other = makeSigningKey("before");
    project.break(isKeySet, () => Response.json({ keys: [other.publicJwk] }));
    const call = await coldStart();
    assert.equal((await call("GET", "/health/ready")).status, 503);
    project.heal();
    assert.equal(outcome(await call("GET", "/auth/whoami", me)), "200");
  });

  await t.step("Auth down: what needs it is 503, what doesn't goes on", async () => {
    const call = await coldStart();
    project.break(isAuth, () => new Response("down", { status: 503 }));
    const person = { email: "owner@example.com", password: "your-password" };
    const stopped: [string, unknown][] = [
      ["/api/login", person],
      ["/api/register", { ...person, email: "new@example.com" }],
      ["/api/refresh", { refresh_token: "any" }],
    ];
    for (const [path, body] of stopped) {
      const answer = await call("POST", path, { body });
      assert.equal(outcome(answer), "503 UNAVAILABLE", path);
      assert.ok(answer.headers.has("retry-after"), path);
    }
    assert.equal(outcome(await call("GET", "/resources", me)), "200");
    assert.equal(outcome(await call("GET", "/resources", { credential: key })), "200");
    project.heal();
    assert.equal(outcome(await call("POST", "/api/login", { body: person })), "200");
  });
});
