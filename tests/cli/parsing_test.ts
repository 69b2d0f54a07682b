/** What is typed becomes the options the command runs with; what can't is refused with exit code 2. */
import assert from "node:assert/strict";
import { Command, CommanderError } from "commander";
import { App } from "../../cli/app.ts";
import { API_KEY_RUNNERS, newApiKeysCommand } from "../../cli/commands/api_keys.ts";
import { runCheck } from "../../cli/check/run_check.ts";
import { newCheckCommand } from "../../cli/commands/check.ts";
import { DRIFT_RUNNERS, newDriftsCommand } from "../../cli/commands/drifts.ts";
import { newResourcesCommand, RESOURCE_RUNNERS } from "../../cli/commands/resources.ts";
import { newTeamCommand, TEAM_RUNNERS } from "../../cli/commands/team.ts";
import { EXIT } from "../../cli/exit_codes.ts";
import { buildProgram } from "../../cli/program.ts";

type Parsed = [command: string, ...values: unknown[]];

/** Parses only: each command notes what it would have run with. */
function parseWith<Runners extends Record<string, unknown>>(
  register: (parent: Command, app: App, runners: Runners) => void,
  runners: Runners,
  line: string,
): Parsed {
  let parsed: Parsed | undefined;
  const spies = Object.fromEntries(
    Object.keys(runners).map((name) => [name, (_app: App, ...values: unknown[]) => {
      parsed = [name, ...values];
    }]),
  ) as Runners;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  register(program, new App(new AbortController().signal), spies);
  program.parse(line.split(" "), { from: "user" });
  assert.ok(parsed);
  return parsed;
}

Deno.test("resources: filters, limits, the singular, and ids that must be whole numbers", () => {
  const parse = (line: string) => parseWith(newResourcesCommand, RESOURCE_RUNNERS, line);
  assert.deepEqual(parse("resources list --type aws_s3_bucket --status active --limit 5"), ["list", {
    type: "aws_s3_bucket",
    status: "active",
    limit: 5,
  }]);
  assert.deepEqual(parse("resource get 42").slice(0, 2), ["get", "42"]);
  assert.deepEqual(parse("resource delete 42 -y").slice(0, 3), ["delete", 42, { yes: true }]);
  for (
    const wrong of [
      "resources get",
      "resources delete x",
      "resources delete 0",
      "resources delete -1",
      "resources get 1 2",
      "resources list --limit 0",
      "resources list --status gone",
      "resources list --nonsense",
    ]
  ) assert.throws(() => parse(wrong), CommanderError, wrong);
});

Deno.test("api-keys: scopes by commas or repeated, each once; days and never exclude each other", () => {
  const parse = (line: string) => parseWith(newApiKeysCommand, API_KEY_RUNNERS, line);
  const scopes = "--scope drifts:read,resources:read --scope drifts:read";
  assert.deepEqual(parse(`api-key create --name ci ${scopes} --expires-in-days 7`), ["create", {
    name: "ci",
    scope: ["drifts:read", "resources:read"],
    expiresInDays: 7,
    expiry: true,
  }]);
  assert.equal((parse("api-keys create --name ci --no-expiry")[1] as { expiry: boolean }).expiry, false);
  for (
    const wrong of [
      "api-keys create",
      "api-keys create --name ci --scope everything",
      "api-keys create --name ci --scope ,",
      "api-keys create --name ci --rate-limit 0",
      "api-keys create --name ci --expires-in-days 0",
      "api-keys create --name ci --expires-in-days 400",
      "api-keys create --name ci --expires-in-days 7 --no-expiry",
    ]
  ) assert.throws(() => parse(wrong), CommanderError, wrong);
});

Deno.test("drifts and check: closed lists of words, resources by name, ids that must be whole numbers", () => {
  const drifts = (line: string) => parseWith(newDriftsCommand, DRIFT_RUNNERS, line);
  assert.deepEqual(drifts("drift list --severity high --type security --status detected --resource web")[1], {
    severity: ["high"],
    type: ["security"],
    status: ["detected"],
    resource: "web",
  });
  assert.deepEqual(drifts("drift detect --resource a,b --resource 7")[1], { resource: ["a", "b", "7"] });
  assert.deepEqual(drifts("drift resolve 5 --capture-baseline").slice(0, 3), [
    "resolve",
    5,
    { captureBaseline: true },
  ]);
  for (
    const wrong of [
      "drift list --severity urgent",
      "drift get five",
      "drift resolve",
      "drift watch --events 0",
    ]
  ) {
    assert.throws(() => drifts(wrong), CommanderError, wrong);
  }
  const check = (line: string) =>
    parseWith(
      (parent, app, runners) => newCheckCommand(parent, app, runners.check),
      { check: runCheck },
      line,
    );
  assert.deepEqual(check("check")[1], { failOn: ["critical", "high"] });
  assert.deepEqual(check("check --fail-on low --fail-on high,low --detect")[1], {
    failOn: ["low", "high"],
    detect: true,
  });
  for (const wrong of ["check critical", "check --fail-on all"]) {
    assert.throws(() => check(wrong), CommanderError, wrong);
  }
});

Deno.test("team: people by id or address, roles from the list", () => {
  const parse = (line: string) => parseWith(newTeamCommand, TEAM_RUNNERS, line);
  assert.deepEqual(parse("team set-role a@example.com viewer").slice(0, 3), [
    "setRole",
    "a@example.com",
    "viewer",
  ]);
  assert.deepEqual(parse("team remove 12 -y").slice(0, 3), ["remove", 12, { yes: true }]);
  assert.deepEqual(parse("team invite a@example.com").slice(0, 3), ["invite", "a@example.com", {
    role: "user",
  }]);
  for (
    const wrong of ["team set-role nobody viewer", "team set-role 1 king", "team invite", "team remove 0"]
  ) {
    assert.throws(() => parse(wrong), CommanderError, wrong);
  }
});

Deno.test("every command and option is described, and no two options of a command share a letter", () => {
  const program = buildProgram(new App(new AbortController().signal), { out: [], err: [] });
  const visit = (command: Command, path: string) => {
    assert.ok(command.description() || command.name() === "__complete", path);
    const shorts = command.options.flatMap((option) => option.short ?? []);
    assert.equal(new Set(shorts).size, shorts.length, path);
    for (const option of command.options) assert.ok(option.description, `${path} ${option.flags}`);
    for (const child of command.commands) visit(child, `${path} ${child.name()}`);
  };
  visit(program, "infraudit");
});

Deno.test("the documentation names every command, option of the program, exit code and variable", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/cli.md", import.meta.url));
  const program = buildProgram(new App(new AbortController().signal), { out: [], err: [] });
  const visit = (command: Command, path: string[]) => {
    for (const child of command.createHelp().visibleCommands(command)) {
      if (child.name() === "help") continue;
      if (child.commands.length > 0) visit(child, [...path, child.name()]);
      else assert.ok(page.includes(child.name()), [...path, child.name()].join(" "));
    }
  };
  visit(program, []);
  for (const option of program.options) assert.ok(page.includes(option.long ?? ""), option.flags);
  for (const code of Object.values(EXIT)) assert.match(page, new RegExp(`^\\| ${code} `, "m"));
});

Deno.test("the help and the documentation name every variable that the command reads", async () => {
  const said: { out: string[]; err: string[] } = { out: [], err: [] };
  const program = buildProgram(new App(new AbortController().signal), said);
  assert.throws(() => program.parse(["--help"], { from: "user" }), CommanderError);
  const help = said.out.join("");
  const page = await Deno.readTextFile(new URL("../../docs/cli.md", import.meta.url));
  const read = new Set<string>();
  for (const folder of ["", "commands/", "config/", "credentials/", "network/", "terminal/"]) {
    const url = new URL(`../../cli/${folder}`, import.meta.url);
    for await (const { name, isFile } of Deno.readDir(url)) {
      if (!isFile) continue;
      const text = await Deno.readTextFile(new URL(name, url));
      for (const [, variable = ""] of text.matchAll(/env\??\.(INFRAUDIT_\w+)/g)) read.add(variable);
    }
  }
  assert.ok(read.size >= 10, [...read].join(" "));
  for (const name of read) {
    assert.ok(help.includes(name), `${name} in --help`);
    assert.ok(page.includes(name), `${name} in docs/cli.md`);
  }
});
