/** What a read costs beside the Data API's own call, with and without admission of its own (TEST_DATABASE_URL). */
// deno-lint-ignore-file no-console
import { startStack } from "../dev/stack.ts";
import { freshDatabase, TEST_DATABASE_URL } from "../tests/real_postgres.ts";
import { tokenAt } from "../tests/http/sign_in.ts";

const RESOURCES = 1000;
const ROUNDS = 150;
const CONNECTIONS = 16;
const SECONDS = 3;
const COLUMNS = "id,external_id,name,resource_type,provider,region,status,tags,last_seen_at,created_at";

const { url: databaseUrl } = await freshDatabase(TEST_DATABASE_URL!);
const start = (READ_LEASES: string) =>
  startStack({
    port: 0,
    databaseUrl,
    web: false,
    variables: { RATE_LIMIT_REQUESTS_PER_MINUTE: "100000000", READ_LEASES },
  });
const [leasing, asking] = [await start("on"), await start("off")];
await leasing.database.query(
  `insert into public.resources (organization_id, external_id, name, resource_type, provider)
   select p.organization_id, 'bench-' || n, 'bench ' || n, 'aws_s3_bucket', 'aws'
   from public.profiles p cross join generate_series(1, $1::integer) n where p.email = 'user@example.com'`,
  [RESOURCES],
);
await leasing.database.query("analyze");
const session = await tokenAt(leasing.url, "user");
const { key } = await (await fetch(`${leasing.url}/v1/settings/api-keys`, {
  method: "POST",
  headers: { authorization: `Bearer ${session}`, "content-type": "application/json" },
  body: JSON.stringify({ name: "bench" }),
})).json();
const [{ id }] = (await (await fetch(`${leasing.url}/v1/resources?per_page=1`, {
  headers: { authorization: `Bearer ${session}` },
})).json()).data;

type Ask = () => Promise<void>;
const ask = (url: string, credential: string, headers: Record<string, string> = {}): Ask => async () => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${credential}`, ...headers } });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  await response.text();
};
const dataApi = (query: string, prefer: Record<string, string> = {}) =>
  ask(`${leasing.url}/rest/v1/resources?select=${COLUMNS}&${query}`, session, {
    apikey: leasing.publishableKey,
    ...prefer,
  });
/** The first of each group is what the others are measured by. */
const groups: Record<string, Record<string, Ask>> = {
  "list of 20, with the total": {
    "Data API, count=exact": dataApi("order=id&limit=20", { prefer: "count=exact" }),
    "session": ask(`${leasing.url}/v1/resources?per_page=20`, session),
    "key": ask(`${leasing.url}/v1/resources?per_page=20`, key),
    "session, READ_LEASES=off": ask(`${asking.url}/v1/resources?per_page=20`, session),
    "key, READ_LEASES=off": ask(`${asking.url}/v1/resources?per_page=20`, key),
  },
  "one row": {
    "Data API": dataApi(`id=eq.${id}`),
    "session": ask(`${leasing.url}/v1/resources/${id}`, session),
    "key": ask(`${leasing.url}/v1/resources/${id}`, key),
    "session, READ_LEASES=off": ask(`${asking.url}/v1/resources/${id}`, session),
    "key, READ_LEASES=off": ask(`${asking.url}/v1/resources/${id}`, key),
  },
};

/** The middle of the times of each, in milliseconds, taken in turns so that all meet the same machine. */
async function latencies(asks: Record<string, Ask>): Promise<Record<string, number>> {
  const times: Record<string, number[]> = {};
  for (let round = -10; round < ROUNDS; round++) {
    for (const [name, once] of Object.entries(asks)) {
      const started = performance.now();
      await once();
      if (round >= 0) (times[name] ??= []).push(performance.now() - started);
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, all]) => [name, all.sort((a, b) => a - b)[ROUNDS / 2]!]),
  );
}

/** Answers a second over so many connections at once. */
async function throughput(once: Ask): Promise<number> {
  let answers = 0;
  const end = performance.now() + SECONDS * 1000;
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    for (; performance.now() < end; answers++) await once();
  }));
  return answers / SECONDS;
}

for (const [group, asks] of Object.entries(groups)) {
  const medians = await latencies(asks);
  const [base] = Object.values(medians);
  console.log(
    `| ${group} | median | ratio | a second at ${CONNECTIONS} | ratio |\n| --- | --- | --- | --- | --- |`,
  );
  let most: number | undefined;
  for (const [name, once] of Object.entries(asks)) {
    const rate = await throughput(once);
    most ??= rate;
    const [time, slower] = [medians[name]!, medians[name]! / base!];
    console.log(
      `| ${name} | ${time.toFixed(1)} ms | ${slower.toFixed(2)} | ${rate.toFixed(0)} | ${
        (rate / most).toFixed(2)
      } |`,
    );
  }
  console.log();
}
for (const stack of [leasing, asking]) await stack.stop();
