/** How long a detection of 200,000 resources takes, and what others notice of it: `deno task bench:jobs`. */
import { tokenAt } from "../tests/http/sign_in.ts";
import { startBenchStack } from "./stack.ts";

const RESOURCES = Number(Deno.env.get("BENCH_RESOURCES") ?? 200_000);
/** One in so many differs from its baseline; every one is compared. */
const DRIFTED_ONE_IN = 20;
const IDLE_MILLISECONDS = 15_000;

const { database: { query }, url } = await startBenchStack();
const say = (line: string) => Deno.stdout.write(new TextEncoder().encode(`${line}\n`));

// About 1 kB each, as a state has them.
const fields = Array.from({ length: 20 }, (_, n) => `'field_${n}', 'value ${n} of ' || n`).join(", ");
const configuration = `jsonb_build_object('id', 'db' || n, 'publicly_accessible', false, ${fields})`;
await query(
  `insert into public.resources (organization_id, external_id, name, resource_type, provider, configuration)
   select o.id, 'bench-' || n, 'bench-' || n, 'aws_db_instance', 'aws',
     ${configuration} || jsonb_build_object('publicly_accessible', n % ${DRIFTED_ONE_IN} = 0)
   from public.organizations o, generate_series(1, ${RESOURCES}) n where o.name = 'Demo'`,
);
await query(
  `insert into public.baselines (organization_id, resource_id, origin, configuration)
   select r.organization_id, r.id, 'first_snapshot',
     r.configuration || '{"publicly_accessible": false}' from public.resources r where r.external_id like 'bench-%'`,
);
await query("analyze public.resources, public.baselines");

const headers = { authorization: `Bearer ${await tokenAt(url, "user")}` };
const other = { authorization: `Bearer ${await tokenAt(url, "stranger")}` };

/** Reads one after another until told to stop; milliseconds of each. */
function readOn(): { stop(): Promise<number[]> } {
  let isOver = false;
  const times: number[] = [];
  const reading = (async () => {
    while (!isOver) {
      const started = performance.now();
      await (await fetch(`${url}/v1/resources`, { headers: other })).body?.cancel();
      times.push(performance.now() - started);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await reading;
      return times;
    },
  };
}

function describe(times: number[]): { p50: number; p99: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)]! * 10) / 10;
  return { p50: at(0.5), p99: at(0.99) };
}

const calm = readOn();
await new Promise((resolve) => setTimeout(resolve, IDLE_MILLISECONDS));
const idle = describe(await calm.stop());

const busy = readOn();
const started = performance.now();
const { job_id } = await (await fetch(`${url}/v1/drifts/detect`, { method: "POST", headers })).json();
let job = { status: "queued", done: 0, found: 0 };
while (job.status !== "done" && job.status !== "failed") {
  await new Promise((resolve) => setTimeout(resolve, 500));
  job = await (await fetch(`${url}/v1/drifts/jobs/${job_id}`, { headers })).json();
}
const seconds = (performance.now() - started) / 1000;
const during = describe(await busy.stop());

await say(
  `${job.status}: ${job.done} resources in ${seconds.toFixed(1)} s, ${job.found} of them drifted\n` +
    `another organization's reads: p50 ${during.p50} ms, p99 ${during.p99} ms; idle ${idle.p50} and ${idle.p99} ms ` +
    `(${(during.p99 / idle.p99).toFixed(1)} times)`,
);
Deno.exit(0);
