/** Guarantee: every relative link of every page leads somewhere, and every command on them runs as it stands. */
import assert from "node:assert/strict";
import { bundleForNode } from "../cli/node_bundle.ts";
import { withStack } from "../cli/stack_homes.ts";
import { inherited } from "../cli/infraudit_process.ts";
import { anchorsOf, commandsOf, linksOf, type Page, readPages, ROOT } from "./pages.ts";

const pages = await readPages();
const DECODER = new TextDecoder();

Deno.test("every relative link and anchor leads somewhere", async () => {
  const broken: string[] = [];
  for (const page of pages) {
    for (const link of linksOf(page)) {
      const [path = "", anchor] = link.split("#", 2);
      const url = path === "" ? new URL(page.path, ROOT) : new URL(path, new URL(page.path, ROOT));
      const isThere = await Deno.stat(url).then(() => true, () => false);
      const isNamed = !anchor || !url.pathname.endsWith(".md") ||
        (isThere && anchorsOf(await Deno.readTextFile(url)).includes(anchor));
      if (!isThere || !isNamed) broken.push(`${page.path}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("the site's menu, docs/index.md, names every page of docs/", () => {
  const index = pages.find(({ path }) => path === "docs/index.md");
  const listed = linksOf(index!);
  const names = pages.flatMap(({ path }) => /^docs\/([^/]+)$/.exec(path)?.[1] ?? []);
  assert.deepEqual(names.filter((name) => name !== "index.md" && !listed.includes(name)), []);
});

/** Commands that can't run here, and why; the first that fits counts. */
const NOT_HERE: [fits: RegExp, why: string][] = [
  [/OWNER\/REPOSITORY|gh attestation|SHA256SUMS/, "needs a published release"],
  [/deno task dev/, "is the stack that this test has started"],
  [
    /(?:npx -y )?deno (?:task|install|test|run -A (?:scripts|bench))/,
    "is a task of the gate or a build by itself",
  ],
  [/\bsupabase(?:@[\d.]+)?\b (?!\/)|npx -y supabase/, "needs the Supabase CLI and a project"],
  [
    /^(?:docker|go|psql|pg_dump|npm|npx|git|gh|openssl|brew|sudo|apt|wrangler|netlify|vercel)\b/m,
    "needs a tool or account of your own",
  ],
  [/JOBS_SECRET|<[a-z][\w-]*>/, "needs a secret or a name of your own"],
  [/^export \w+="?(?:…|.*\.\.\.)/m, "stands for what the answer before it gave; the test fills it in"],
  [/--oidc|INFRAUDIT_ID_TOKEN|terraform plan/, "needs a provider's pipeline or a cloud"],
  [/^(?:pass|op|vault) /m, "needs a password manager of your own"],
];

/** Ends that the page means: a gate that finds something. */
const ENDS_WITH: [fits: RegExp, code: number][] = [
  [/^infraudit check/, 1],
  // A stream has no end by itself.
  [/^curl -N/, 28],
];

Deno.test("every command on the pages runs as it stands", (t) =>
  withStack(async ({ url, newHome }) => {
    const home = newHome();
    const bundle = await bundleForNode(home);
    const counts = { executed: 0, listed: 0 };
    for (const page of pages) {
      const commands = commandsOf(page);
      if (commands.length === 0) continue;
      await t.step(page.path, async () => {
        const runnable = commands.filter((command) => !NOT_HERE.some(([fits]) => fits.test(command)));
        counts.listed += commands.length - runnable.length;
        counts.executed += runnable.length;
        if (runnable.length > 0 && bundle) await runAll(page, runnable, url, home.path, bundle);
      });
    }
    // deno-lint-ignore no-console
    console.log(
      `Executed ${counts.executed} commands of the pages; ${counts.listed} are listed with a reason.`,
    );
    assert.ok(counts.executed > 30);
  }));

/** One shell for a page: what a command exports is there for those after it. */
async function runAll(
  page: Page,
  commands: string[],
  url: string,
  home: string,
  bundle: string[],
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "page-" });
  try {
    const script = [prelude(url, bundle), ...commands.map((command, at) => step(command, at, url))].join(
      "\n",
    );
    const output = await new Deno.Command("bash", {
      args: ["-c", script],
      cwd: folder,
      clearEnv: true,
      env: { ...inherited(), HOME: home, INFRAUDIT_SERVER_URL: url, STATE: STATE_FILE, CI: "1" },
    }).output();
    const failed = [...DECODER.decode(output.stderr).matchAll(/^FAILED (\d+) with (\d+)$/gm)]
      .map(([, at, code]) => `${page.path} [${code}]: ${commands[Number(at)]}`);
    assert.deepEqual(failed, [], DECODER.decode(output.stderr).slice(-3_000));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const STATE_FILE = new URL("tests/drift/fixtures/terraform_1_11_show.json", ROOT).pathname;

/** The programs as a reader has them, and the credentials that the pages call by these names. */
function prelude(url: string, bundle: string[]): string {
  const command = bundle.map((word) => `'${word}'`).join(" ");
  return `
infraudit() { ${command} "$@"; }
# Terraform's own words for a state, recorded.
terraform() { command cat "$STATE"; }
curl() { command curl -sS --fail-with-body --max-time 1 "$@"; }
export API='${url}' RUN_ID="$RANDOM$RANDOM"
sign_in() { command curl -sS "$API/v1/api/login" -H 'content-type: application/json' \\
  -d "{\\"email\\":\\"$1@example.com\\",\\"password\\":\\"your-password\\"}" | sed 's/.*"token":"\\([^"]*\\)".*/\\1/'; }
export TOKEN=$(sign_in owner)
export KEY="$TOKEN" INFRAUDIT_TOKEN="$TOKEN"
`;
}

function step(command: string, at: number, url: string): string {
  const [, expected = 0] = ENDS_WITH.find(([fits]) => fits.test(command)) ?? [];
  const here = command.replaceAll(
    /https:\/\/api\.(?:infraaudit\.dev|example\.com)|http:\/\/127\.0\.0\.1:54321/g,
    url,
  );
  return `{ ${here}\n} >/dev/null; code=$?
if [ "$code" != 0 ] && [ "$code" != ${expected} ]; then echo "FAILED ${at} with $code" >&2; fi`;
}
