/** What is typed becomes the options the command runs with; what can't is refused with exit code 2. */
import assert from "node:assert/strict";
import { Command, CommanderError } from "commander";
import { App } from "../../cli/app.ts";
import { API_KEY_RUNNERS, newApiKeysCommand } from "../../cli/commands/api_keys.ts";
import { newResourcesCommand, RESOURCE_RUNNERS } from "../../cli/commands/resources.ts";
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
  assert.deepEqual(parse("resource get 42").slice(0, 2), ["get", 42]);
  assert.deepEqual(parse("resource delete 42 -y").slice(0, 3), ["delete", 42, { yes: true }]);
  for (
    const wrong of [
      "resources get",
      "resources get x",
      "resources get 0",
      "resources get -1",
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
      "api-keys create --name ci --expires-in-days 0",
      "api-keys create --name ci --expires-in-days 400",
      "api-keys create --name ci --expires-in-days 7 --no-expiry",
    ]
  ) assert.throws(() => parse(wrong), CommanderError, wrong);
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
