/** What `infraudit api` does. */
import { readFile } from "node:fs/promises";
import { UnreadableAnswer } from "../../shared/client/client_failures.ts";
import type { AnyEndpoint, CallOptions } from "../../shared/client/client_types.ts";
import { isRepeatable, withRetries } from "../../shared/client/retry.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { decode } from "../imports/read_file.ts";
import { escapeInStrings, toSafeText } from "../output/escape.ts";
import { printRaw } from "../output/print.ts";
import { readStdinBytes } from "../terminal/prompt.ts";
import { type ApiOptions, METHODS } from "./api.ts";

const MOST_BYTES = 64 * 1024 * 1024;

type Query = Record<string, string | string[]>;

/** Sends the request, or one for each page, and prints the answer. */
export async function runApi(app: App, words: string[], options: ApiOptions): Promise<void> {
  const { method, path } = readTarget(words, options);
  const fields = await readFields(options);
  const isGet = method === "GET";
  const body = options.input !== undefined
    ? await readInput(options.input)
    : isGet || Object.keys(fields).length === 0
    ? undefined
    : JSON.stringify(fields);
  const [bare = "", search = ""] = path.split("?", 2);
  const query: Query = { ...queryOf(new URLSearchParams(search)), ...isGet ? asQuery(fields) : {} };
  const endpoint = endpointOf(method, bare);
  const headers = readHeaders(options.header ?? []);
  const { answer, text } = await send(app, endpoint, { query, body }, { headers, signal: app.signal });
  if (options.include) await app.terminal.data(headOf(answer));
  if (!options.paginate || !isGet) return await printAnswer(app, text);
  await printAnswer(app, JSON.stringify(await withFurtherPages(app, endpoint, query, headers, text)));
}

function readTarget(words: string[], { method: named, rawField, field, input, paginate }: ApiOptions) {
  const [first = "", second] = words;
  const spoken = METHODS.find((one) => one === first.toUpperCase());
  const path = spoken && second !== undefined ? second : first;
  if (words.length > (path === second ? 2 : 1) || path === "") {
    throw new CliFailure(EXIT.USAGE, "Name one path, with at most a method before it.", {
      next: "infraudit api --help",
    });
  }
  const hasBody = !paginate && (rawField !== undefined || field !== undefined || input !== undefined);
  return { method: named ?? (path === second ? spoken : undefined) ?? (hasBody ? "POST" : "GET"), path };
}

/** A path as people paste it: with the server's prefixes or without, with or without its first slash. */
function endpointOf(method: typeof METHODS[number], path: string): AnyEndpoint {
  if (/^[a-z]+:\/\//i.test(path)) {
    throw new CliFailure(EXIT.USAGE, "Name the path only: the credential goes to no other server.", {
      next: "infraudit api /v1/drifts, with --server for another server of yours",
    });
  }
  const bare = `/${path.replace(/^\/+/, "")}`.replace(/^(?:\/functions|\/api)?\/v1(?=\/)/, "");
  return {
    id: `${method} ${bare}`,
    method,
    path: bare,
    summary: "",
    tag: "",
    auth: "bearer",
    isBodyRaw: true,
    success: { status: 200 },
  };
}

async function send(
  app: App,
  endpoint: AnyEndpoint,
  input: { query: Query; body?: string },
  call: CallOptions,
) {
  const client = await app.client();
  const retry = { attempts: 4, longestPauseMs: 60_000 };
  return await withRetries(
    async () => {
      const answer = await client.open(endpoint, input as never, call);
      return { answer, text: await answer.text() };
    },
    isRepeatable(endpoint, call),
    retry,
    app.signal,
  );
}

/** The list of all pages in the shape of one. */
async function withFurtherPages(
  app: App,
  endpoint: AnyEndpoint,
  query: Query,
  headers: Record<string, string>,
  first: string,
): Promise<unknown> {
  const list = parse(first);
  if (!isPage(list)) return list;
  const seen = new Set<string>();
  while (list.meta.next_cursor) {
    const cursor = list.meta.next_cursor;
    if (seen.has(cursor)) throw new UnreadableAnswer(200, `${endpoint.id} repeats a page`);
    seen.add(cursor);
    const { page: _, ...rest } = query;
    const { text } = await send(app, endpoint, { query: { ...rest, cursor } }, {
      headers,
      signal: app.signal,
    });
    const next = parse(text);
    if (!isPage(next)) throw new UnreadableAnswer(200, `${endpoint.id} stopped being a list`);
    list.data.push(...next.data);
    list.meta = next.meta;
  }
  return list;
}

function isPage(value: unknown): value is { data: unknown[]; meta: { next_cursor: string | null } } {
  const { data, meta } = Object(value);
  return Array.isArray(data) && meta !== null && typeof meta === "object" && "next_cursor" in meta;
}

/** As it came where it is piped; indented and harmless on a terminal; otherwise as the flags say. */
async function printAnswer(app: App, text: string): Promise<void> {
  if (text === "") return;
  const body = parse(text);
  if (body === undefined) return await app.terminal.page(app.terminal.isDataTty ? toSafeText(text) : text);
  const { output } = await app.settings();
  const { json, jq, template } = app.flags;
  if (output === "yaml" || json !== undefined || jq !== undefined || template !== undefined) {
    return void await printRaw(app, body);
  }
  const shown = app.terminal.isDataTty ? escapeInStrings(JSON.stringify(body, null, 2)) : text;
  await app.terminal.page(shown.endsWith("\n") ? shown : `${shown}\n`);
}

function headOf(answer: Response): string {
  const lines = [...answer.headers].map(([name, value]) => `${name}: ${value}`);
  return `${toSafeText([`HTTP ${answer.status}`, ...lines].join("\n"))}\n\n`;
}

async function readFields({ rawField = [], field = [] }: ApiOptions): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const text of rawField) {
    const [name, value] = splitField(text);
    fields[name] = value;
  }
  for (const text of field) {
    const [name, value] = splitField(text);
    fields[name] = await readTyped(value);
  }
  return fields;
}

function splitField(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new CliFailure(EXIT.USAGE, "A field is name=value.", { next: "infraudit api --help" });
  return [text.slice(0, at), text.slice(at + 1)];
}

async function readTyped(value: string): Promise<unknown> {
  if (value.startsWith("@")) return await readInput(value.slice(1));
  if (["true", "false", "null"].includes(value) || /^-?\d{1,15}(\.\d+)?$/.test(value)) {
    return JSON.parse(value);
  }
  return value;
}

async function readInput(path: string): Promise<string> {
  if (path === "-") return decode(await readStdinBytes(MOST_BYTES, "api --input"));
  try {
    return decode(await readFile(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new CliFailure(EXIT.USAGE, `${path} can't be read (${code}).`, { cause: error });
  }
}

function readHeaders(lines: string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => {
    const [, name = "", value = ""] = /^([!#$%&'*+.^`|~\w-]+):\s*([\x20-\x7e]*)$/.exec(line) ?? [];
    if (name && name.toLowerCase() !== "authorization") return [name.toLowerCase(), value];
    throw new CliFailure(EXIT.USAGE, "A header is name: value, and Authorization is the command's own.");
  }));
}

function queryOf(parameters: URLSearchParams): Query {
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}

function asQuery(fields: Record<string, unknown>): Query {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
