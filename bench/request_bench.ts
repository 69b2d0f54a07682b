/** What a request costs through the whole stack, and admission inside the database (TEST_DATABASE_URL: a real server's). */
import { drawApiKey } from "../shared/auth/api_key.ts";
import { startBenchStack } from "./stack.ts";

const stack = await startBenchStack();

async function ask(path: string, credential?: string, body?: unknown): Promise<Response> {
  return await fetch(stack.url + path, {
    method: body ? "POST" : "GET",
    headers: {
      ...(credential && { authorization: `Bearer ${credential}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    body: body ? JSON.stringify(body) : null,
  });
}

const session = await (await ask("/api/login", undefined, {
  email: "user@example.com",
  password: "your-password",
})).json();
const { key, id } = await (await ask("/v1/settings/api-keys", session.token, { name: "bench" })).json();

const get = (path: string, credential?: string) => async () => {
  await (await ask(path, credential)).body?.cancel();
};

Deno.bench(
  "no credential, no database: GET /v1/health",
  { group: "request", baseline: true },
  get("/v1/health"),
);
Deno.bench("junk key: GET /v1/resources/1", { group: "request" }, get("/v1/resources/1", "ia_live_junk"));
Deno.bench(
  "admission alone, token: GET /v1/auth/whoami",
  { group: "request" },
  get("/v1/auth/whoami", session.token),
);
Deno.bench(
  "admission and data, token: GET /v1/resources/1",
  { group: "request" },
  get("/v1/resources/1", session.token),
);
Deno.bench("admission and data, key: GET /v1/resources/1", { group: "request" }, get("/v1/resources/1", key));

const { query } = stack.database;
const [{ session_id, user_id }] = await query<{ session_id: string; user_id: string }>(
  "select id as session_id, user_id from auth.sessions order by created_at desc limit 1",
) as [{ session_id: string; user_id: string }];
const [{ prefix, hash, version }] = await query<{ prefix: string; hash: string; version: number }>(
  `select k.prefix, encode(h.hash, 'hex') as hash, h.pepper_version as version
   from public.api_keys k join private.api_key_hashes h on h.api_key_id = k.id where k.id = $1`,
  [id],
) as [{ prefix: string; hash: string; version: number }];
const hashes = JSON.stringify({ [version]: hash });
const admitKey = (wanted = prefix) =>
  query("select public.admit_api_key($1, $2::jsonb, null, 100000000)", [wanted, hashes]);

Deno.bench("select 1", { group: "admission in SQL", baseline: true }, async () => {
  await query("select 1");
});
Deno.bench("admit_session", { group: "admission in SQL" }, async () => {
  await query("select public.admit_session($1, now(), $2, 100000000)", [user_id, session_id]);
});
Deno.bench("admit_api_key, use already noted this minute", { group: "admission in SQL" }, async () => {
  await admitKey();
});
Deno.bench("admit_api_key, use to be noted", { group: "admission in SQL" }, async (b) => {
  await query("update public.api_keys set last_used_at = null where id = $1", [id]);
  b.start();
  await admitKey();
  b.end();
});
Deno.bench("admit_api_key, unknown key", { group: "admission in SQL" }, async () => {
  await admitKey(drawApiKey("live").prefix);
});
