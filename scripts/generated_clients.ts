/** Generates a TypeScript and a Go client from openapi.json with the usual generators, and compiles both. */
import { fileURLToPath } from "node:url";

const OPENAPI_TYPESCRIPT = "openapi-typescript@7.13.0";
const OAPI_CODEGEN = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2";
const OAPI_RUNTIME = "github.com/oapi-codegen/runtime@v1.8.0";

/** Uses what people use: a list's rows, a body, a path's parameter; a wrong word must be a type error. */
const USAGE = `
import type { paths } from "./client.d.ts";
type Drifts = paths["/drifts"]["get"]["responses"][200]["content"]["application/json"];
type NewKey = NonNullable<paths["/settings/api-keys"]["post"]["requestBody"]>["content"]["application/json"];
export const severity: Drifts["data"][number]["severity"] = "critical";
export const key: NewKey = { name: "ci", scopes: ["drifts:read"] };
// @ts-expect-error: no such severity
export const wrong: Drifts["data"][number]["severity"] = "urgent";
`;

const document = fileURLToPath(new URL("../openapi.json", import.meta.url));
const folder = await Deno.makeTempDir({ prefix: "generated-clients-" });
try {
  await typescript();
  await go();
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function typescript(): Promise<void> {
  await run("npx", ["-y", OPENAPI_TYPESCRIPT, document, "-o", `${folder}/client.d.ts`]);
  await Deno.writeTextFile(`${folder}/usage.ts`, USAGE);
  await run(Deno.execPath(), ["check", "--no-config", `${folder}/usage.ts`]);
  say("The TypeScript client compiles.");
}

async function go(): Promise<void> {
  if (!await isThere("go")) return say("SKIPPED: the Go client, because there is no go here.");
  await Deno.writeTextFile(`${folder}/go.mod`, "module example.com/client\n\ngo 1.24\n");
  const output = ["-generate", "types,client", "-package", "client", "-o", "client.go"];
  await run("go", ["run", OAPI_CODEGEN, ...output, document]);
  await run("go", ["get", OAPI_RUNTIME]);
  await run("go", ["vet", "./..."]);
  say("The Go client compiles.");
}

async function run(program: string, args: string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd: folder }).output();
  if (success) return;
  const decoder = new TextDecoder();
  throw new Error(`${program} ${args.join(" ")}\n${decoder.decode(stdout)}${decoder.decode(stderr)}`);
}

async function isThere(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["version"] }).output()).success;
  } catch {
    return false;
  }
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
