/** The gate passes only when the server was asked and nothing is open; every failure is another code than 1. */
import assert from "node:assert/strict";
import type { Drift } from "../../shared/contracts/drifts.ts";
import type { Resource } from "../../shared/contracts/resources.ts";
import { Home } from "./infraudit_process.ts";
import { KEY, sampleDrift, sampleResource, TIMESTAMP } from "./samples.ts";
import { json, serveScript } from "./scripted_server.ts";

const SEVERITIES = ["critical", "high", "medium", "low"];

/** A filter names one value or several. */
function isAmong(values: string | null, value: string): boolean {
  return values?.split(",").includes(value) ?? false;
}

function drift(id: number, severity: Drift["severity"], status: Drift["status"]): Drift {
  return sampleDrift(id, { severity, status });
}

/** What the API counts; the newest import is so many minutes old. */
function summary(total: number, minutes: number) {
  const last_seen_at = total === 0 ? null : new Date(Date.now() - minutes * 60_000 - 5_000).toISOString();
  return { total, by_status: { active: total, stopped: 0, deleted: 1 }, last_seen_at };
}

/** Answers lists as the API does: filtered, one row a page. */
function answerFrom(drifts: Drift[]): (request: Request) => Response {
  return (request) => {
    const { pathname, searchParams: query } = new URL(request.url);
    if (pathname === "/v1/resources/summary") return json(summary(214, 3));
    const resource = /^\/v1\/resources\/(\d+)\/drifts$/.exec(pathname)?.[1];
    if (resource && Number(resource) > 9) {
      return json({ error: "Nothing has this id.", code: "NOT_FOUND", request_id: "r" }, 404);
    }
    const rows = drifts.filter((row) =>
      isAmong(query.get("severity"), row.severity) && isAmong(query.get("status"), row.status) &&
      (!resource || row.resource_id === Number(resource))
    );
    if (query.get("sort") === "-severity") {
      rows.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
    }
    const at = Number(query.get("cursor") ?? 0);
    const next_cursor = at + 1 < rows.length ? String(at + 1) : null;
    const meta = { total: rows.length, page: 1, per_page: 1, next_cursor };
    return json({ data: rows.slice(at, at + 1), meta });
  };
}

async function check(answer: (request: Request, count: number) => Response, ...args: string[]) {
  await using server = serveScript(answer);
  await using home = new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url });
  return await home.run(["check", ...args]);
}

const refusal = (status: number, code: string) => () =>
  json({ error: "No.", code, request_id: "req-1" }, status);

Deno.test("findings on any page, of any open status, fail with 1 and are listed", async () => {
  const drifts = [
    drift(1, "high", "resolved"),
    drift(2, "high", "detected"),
    drift(3, "high", "detected"),
    drift(4, "critical", "investigating"),
    drift(5, "low", "detected"),
  ];
  const { code, stdout, stderr } = await check(answerFrom(drifts), "-o", "json");
  assert.equal(code, 1, stderr);
  const { passed, fail_on, resources, findings } = JSON.parse(stdout);
  assert.deepEqual([passed, fail_on, resources], [false, ["critical", "high"], 214]);
  assert.deepEqual(findings, [drifts[3], drifts[1], drifts[2]]);
  assert.match(stderr, /Failed: 3 critical or high drifts are open/);
});

Deno.test("nothing of the severities open passes with 0 and says so", async () => {
  const drifts = [drift(1, "high", "resolved"), drift(2, "medium", "detected")];
  const passed = await check(answerFrom(drifts));
  assert.deepEqual([passed.code, passed.stdout], [0, ""]);
  assert.match(
    passed.stderr,
    /Passed: 214 resources, newest import 3 minutes ago; no critical or high drift is open/,
  );
  assert.equal((await check(answerFrom(drifts), "--fail-on", "medium,low", "-q")).stdout, "2\n");
});

Deno.test("what can't be known is neither a pass nor a finding", async () => {
  const rows: [name: string, answer: (request: Request, count: number) => Response, code: number][] = [
    ["refused", refusal(403, "FORBIDDEN"), 3],
    ["dead key", refusal(401, "API_KEY_REVOKED"), 4],
    ["busy", refusal(429, "RATE_LIMITED"), 3],
    ["down", refusal(503, "UNAVAILABLE"), 3],
    ["a proxy's page", () => new Response("<html>ok</html>"), 3],
    ["another product", () => json({ data: [] }), 3],
    ["breaks off", (request, count) => count < 1 ? answerFrom([])(request) : refusal(500, "INTERNAL")(), 3],
  ];
  for (const [name, answer, expected] of rows) {
    const { code, stdout } = await check(answer);
    assert.deepEqual([code, stdout], [expected, ""], name);
  }
});

Deno.test("a resource is checked by itself, and one that is gone is no pass", async () => {
  const drifts = [drift(1, "high", "detected")];
  const resource = (request: Request) => {
    const id = /^\/v1\/resources\/(\d+)$/.exec(new URL(request.url).pathname)?.[1];
    if (!id) return answerFrom(drifts)(request);
    if (Number(id) > 9) return refusal(404, "NOT_FOUND")();
    return json(sampleResource(Number(id)));
  };
  assert.equal((await check(resource, "--resource", "1")).code, 1);
  assert.equal((await check(resource, "--resource", "2")).code, 0);
  assert.equal((await check(resource, "--resource", "2,1")).code, 1);
  assert.equal((await check(resource, "--resource", "99")).code, 3);
});

Deno.test("nothing to check, a deleted resource, or imports that are too old are no pass, and it says which", async () => {
  const withSummary = (total: number, minutes: number) => (request: Request) =>
    new URL(request.url).pathname === "/v1/resources/summary"
      ? json(summary(total, minutes))
      : answerFrom([])(request);
  const withResource = (facts: Partial<Resource>) => (request: Request) =>
    new URL(request.url).pathname === "/v1/resources/7"
      ? json({ ...sampleResource(7), last_seen_at: new Date().toISOString(), ...facts })
      : answerFrom([])(request);
  const old = new Date(Date.now() - 3 * 3_600_000).toISOString();
  const rows: [answer: (request: Request) => Response, args: string[], code: number, says: RegExp][] = [
    [withSummary(0, 0), [], 3, /There are no resources, so nothing was checked/],
    [
      withSummary(5, 180),
      ["--max-age", "2h"],
      3,
      /The newest import is from 3 hours ago.*longer than 2 hours/,
    ],
    [withSummary(5, 180), ["--max-age", "4h"], 0, /Passed: 5 resources, newest import 3 hours ago/],
    [withResource({ status: "deleted" }), ["--resource", "7"], 3, /Resource bucket-7 \(id 7\) was deleted/],
    [
      withResource({ last_seen_at: old }),
      ["--resource", "7", "--max-age", "2h"],
      3,
      /bucket-7 was last imported 3 hours/,
    ],
    [
      withResource({}),
      ["--resource", "7", "--max-age", "2h"],
      0,
      /Passed: 1 resource, newest import just now/,
    ],
    [
      (request: Request) => {
        const date = new Date(Date.now() + 2 * 3_600_000).toUTCString();
        const isHealth = new URL(request.url).pathname === "/v1/health";
        return isHealth ? json({ status: "ok" }, 200, { date }) : withSummary(5, 0)(request);
      },
      ["--max-age", "1h"],
      3,
      // This machine's clock may be off; the server's counts.
      /The newest import is from 2 hours ago/,
    ],
    [withSummary(5, 0), ["--max-age", "soon"], 2, /such as 90s, 15m, 24h or 7d/],
  ];
  for (const [answer, args, expected, says] of rows) {
    const { code, stdout, stderr } = await check(answer, ...args);
    assert.deepEqual([code, stdout], [expected, ""], stderr);
    assert.match(stderr, says);
  }
});

Deno.test("an older server without the counts is asked for its list instead", async () => {
  const { code, stderr } = await check((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/v1/resources/summary") return refusal(400, "VALIDATION_FAILED")();
    if (pathname !== "/v1/resources") return answerFrom([])(request);
    const data = [sampleResource(1), { ...sampleResource(2), status: "deleted" }];
    return json({ data, meta: { total: 2, page: 1, per_page: 100, next_cursor: null } });
  });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Passed: 1 resource, /);
});

Deno.test("a comparison that takes longer is waited for; one that fails is no pass", async () => {
  const id = "7b2f9e3a-6f0c-4a52-9f5d-0e7a3d1c2b4f";
  const job = { id, total: 900, done: 500, found: 0, started_at: TIMESTAMP, finished_at: null };
  for (const [end, expected] of [["done", 0], ["failed", 3]] as const) {
    let asked = 0;
    const { code, stderr } = await check(
      (request) => {
        if (request.method === "POST") {
          return json({ job_id: id, status: "running", message: "Started." }, 202);
        }
        if (!request.url.endsWith(`/drifts/jobs/${id}`)) return answerFrom([])(request);
        return json({ ...job, status: asked++ === 0 ? "running" : end });
      },
      "--detect",
    );
    assert.deepEqual([code, asked], [expected, 2], stderr);
    if (end === "failed") assert.match(stderr, /not known what is open/);
  }
});

Deno.test("a severity that does not exist is exit code 2, not a gate that never fails", async () => {
  for (const args of [["--fail-on", "kritical"], ["--fail-on", ""], ["--fail-on", "high,,CRITICAL"]]) {
    const { code } = await check(answerFrom([]), ...args);
    assert.equal(code, 2, args.join(" "));
  }
});
