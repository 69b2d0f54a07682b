/** What a statement pays for its policies on PostgreSQL: `deno task bench:policies`. */
import postgres from "postgres";
import { openDatabase } from "../dev/open_database.ts";
import { freshDatabase, TEST_DATABASE_URL } from "../tests/real_postgres.ts";

const ROUNDS = 400;
/** Milliseconds that row-level security may add to a statement that reads one row by its key. */
const BUDGET_MS = 0.25;

/** Statements that touch one row or none: what is left is what every statement pays. */
const STATEMENTS = {
  "resources by id": "select id from public.resources where id = 1",
  "drifts by id": "select id from public.drifts where id = 1",
  "baselines by id": "select id from public.baselines where id = 1",
  "events after the last": "select id from public.drift_events where id > 1000000",
  "API keys": "select id from public.api_keys",
  "memberships": "select profile_id from public.memberships where profile_id = 1",
  "a resource's update": "update public.resources set status = 'active' where id = 1",
};

if (!TEST_DATABASE_URL) throw new Error("Run it as deno task bench:policies, which starts a server for it.");
await using fresh = await freshDatabase(TEST_DATABASE_URL);
const root = new URL("../", import.meta.url);
const stack = await openDatabase({ databaseUrl: fresh.url, folder: "" }, root, "http://bench.test/auth/v1");
const session = crypto.randomUUID();
const [person] = await stack.database.query<{ sub: string }>(
  "select auth_user_id as sub from public.profiles where email = 'owner@example.com'",
);
await stack.database.query("insert into auth.sessions (id, user_id) values ($1, $2)", [session, person!.sub]);
await stack.database.query(
  `insert into public.api_keys (organization_id, created_by, name, prefix, scopes)
   select organization_id, id, 'bench', 'ia_live_' || repeat('0', 10), '{resources:read}'
   from public.profiles where email = 'user@example.com'`,
);
await stack.close();

const sql = postgres(fresh.url, { max: 1, onnotice: () => {} });
const claims = {
  role: "authenticated",
  sub: person!.sub,
  session_id: session,
  iat: 0,
  exp: 9_999_999_999,
  // As the functions sign it: resources are written by calls that came through them.
  request: { request_id: "bench", address: null, user_agent: "bench" },
};

/** Execution time in milliseconds, as `explain analyze` tells it: the lowest decile, for other programs run as well. */
async function timeOf(role: "authenticated" | "postgres", statement: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await sql.begin(async (transaction) => {
      await transaction`select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true)`;
      if (role === "authenticated") await transaction.unsafe("set local role authenticated");
      const [row] = await transaction.unsafe(`explain (analyze, timing off, format json) ${statement}`);
      times.push(row!["QUERY PLAN"][0]["Execution Time"]);
    });
  }
  return times.sort((a, b) => a - b)[ROUNDS / 10]!;
}

let worst = 0;
for (const [name, statement] of Object.entries(STATEMENTS)) {
  const bare = await timeOf("postgres", statement);
  const judged = await timeOf("authenticated", statement);
  const isRead = statement.startsWith("select");
  if (isRead) worst = Math.max(worst, judged - bare);
  // deno-lint-ignore no-console
  console.log(
    `${name}: ${judged.toFixed(3)} ms, of which policies ${(judged - bare).toFixed(3)} ms (${
      (judged / bare).toFixed(0)
    } times as long)`,
  );
}
await sql.end();
// deno-lint-ignore no-console
console.log(`dearest read: ${worst.toFixed(3)} ms for policies, of ${BUDGET_MS} ms`);
if (worst > BUDGET_MS) Deno.exitCode = 1;
