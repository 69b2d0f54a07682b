/** Guarantee: every format of a check is valid by its standard, holds every finding, and lets no text become markup. */
import assert from "node:assert/strict";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { toAnnotations, writeStepSummary } from "../../cli/check/github.ts";
import { toJunit } from "../../cli/check/junit.ts";
import { toMarkdown } from "../../cli/check/markdown.ts";
import type { DetailedReport } from "../../cli/check/report.ts";
import { toSarif } from "../../cli/check/sarif.ts";
import { toLineText } from "../../cli/output/escape.ts";
import type { DriftDetail } from "../../shared/contracts/drifts.ts";
import { Home } from "./infraudit_process.ts";
import { KEY, sampleDetail, sampleDrift } from "./samples.ts";
import { json, serveScript } from "./scripted_server.ts";

const GOLDEN = new URL("./golden/", import.meta.url);
const EVIL = 'a"b<c>&\n::error::x|y [z](javascript:0) %0A \u202e\u0007';

const details: DriftDetail[] = [
  sampleDetail(7, {
    severity: "critical",
    resource_name: "ssh",
    address: 'module.net["eu"].aws_security_group.ssh[0]',
    module: 'module.net["eu"]',
    resource_type: "aws_security_group",
    summary: "ingress: Port 22 is open to the internet",
    rule: "open-port",
    control: "CIS AWS 5.2",
    reason: "Anybody on the internet can try to sign in",
  }),
  sampleDetail(8, { severity: "medium", resource_name: EVIL, summary: EVIL, rule: null, reason: EVIL }),
];

function reportOf(found: DriftDetail[]): DetailedReport {
  return {
    failOn: ["critical", "medium"],
    findings: found,
    details: found,
    resources: 214,
    lastSeenAt: "2026-11-24T09:27:00Z",
    webUrl: "https://app.example.com",
    version: "1.0.0",
    now: Date.parse("2026-11-24T09:30:30Z"),
  };
}

interface SarifLog {
  runs: [{ results: { locations: [{ logicalLocations: [{ fullyQualifiedName: string }] }] }[] }];
}

/** Equal to the file; `UPDATE_GOLDEN=1` writes it anew. */
async function assertGolden(name: string, text: string): Promise<void> {
  const file = new URL(name, GOLDEN);
  if (Deno.env.get("UPDATE_GOLDEN")) await Deno.writeTextFile(file, text);
  assert.equal(text, await Deno.readTextFile(file), name);
}

Deno.test("SARIF is valid by the standard's schema, with rules, levels, addresses and fingerprints", async () => {
  const schema = JSON.parse(
    await Deno.readTextFile(new URL("./sarif_schema_2_1_0.json", import.meta.url)),
  );
  delete schema.$schema;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile<SarifLog>(schema);
  for (const report of [reportOf(details), reportOf([])]) {
    const sarif: unknown = JSON.parse(JSON.stringify(toSarif(report)));
    assert.ok(validate(sarif), JSON.stringify(validate.errors));
    assert.equal(sarif.runs[0].results.length, report.details.length);
    assert.deepEqual(
      sarif.runs[0].results.map(({ locations: [{ logicalLocations: [place] }] }) => place.fullyQualifiedName),
      report.details.map(({ address, resource_type }) => address ?? `${resource_type}.${toLineText(EVIL)}`),
    );
  }
  await assertGolden("check.sarif.json", JSON.stringify(toSarif(reportOf(details)), null, 2) + "\n");
});

Deno.test("JUnit, Markdown and GitHub's annotations are as they were agreed on", async () => {
  await assertGolden("check.junit.xml", toJunit(reportOf(details)));
  await assertGolden("passed.junit.xml", toJunit(reportOf([])));
  await assertGolden("check.md", toMarkdown(reportOf(details)));
  await assertGolden("passed.md", toMarkdown(reportOf([])));
  await assertGolden("check.github.txt", toAnnotations(reportOf(details)));
  assert.equal(toAnnotations(reportOf([])), "");
});

Deno.test("text of the data ends no element, cell or workflow command", () => {
  assert.equal(
    toAnnotations(reportOf(details)).split("\n").filter((line) => line.startsWith("::")).length,
    2,
  );
  const junit = toJunit(reportOf(details));
  assert.equal(junit.match(/<testcase /g)?.length, 2);
  assert.ok(!junit.includes("<c>"));
  const rows = toMarkdown(reportOf(details)).split("\n").filter((line) => line.startsWith("| [8]"));
  assert.equal(rows.length, 1);
  assert.ok(!rows[0]?.includes("](javascript"));
});

Deno.test("GitHub shows ten annotations of a kind: the rest is counted", () => {
  const many = Array.from({ length: 14 }, (_, at) => sampleDetail(at + 1, { severity: "critical" }));
  const lines = toAnnotations(reportOf(many)).trim().split("\n");
  assert.equal(lines.length, 11);
  assert.match(
    lines.at(-1) ?? "",
    /^::notice .*14 critical or medium drifts are open; 4 more are in the summary/,
  );
});

Deno.test("in Actions a check annotates and fills the step's summary by itself, whatever is on standard output", async () => {
  const found = sampleDrift(7, { severity: "critical" });
  await using server = serveScript((request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/v1/resources/summary") {
      const by_status = { active: 2, stopped: 0, deleted: 0 };
      return json({ total: 2, by_status, last_seen_at: new Date().toISOString() });
    }
    if (pathname === "/v1/drifts/7") return json(sampleDetail(7, { severity: "critical" }));
    const fits = searchParams.get("severity") === "critical,high" &&
      searchParams.get("status") === "detected,investigating";
    const data = fits ? [found] : [];
    return json({ data, meta: { total: data.length, page: 1, per_page: 100, next_cursor: null } });
  });
  await using home = new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url });
  const summary = `${home.path}/summary.md`;
  const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, CI: "true" };
  const { code, stdout, stderr } = await home.run(["check", "--format", "sarif"], { env });
  assert.equal(code, 1, stderr);
  assert.equal(JSON.parse(stdout).runs[0].results[0].level, "error");
  assert.match(stderr, /^::error title=critical%3A bucket-1::/m);
  assert.match(await Deno.readTextFile(summary), /❌ 1 critical or high drift is open/);
  const outside = await home.run(["check"]);
  assert.doesNotMatch(outside.stderr + outside.stdout, /^::/m);
  assert.equal(await writeStepSummary(reportOf([]), { GITHUB_STEP_SUMMARY: "/nowhere/at/all" }), false);
});
