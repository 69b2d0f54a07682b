/** Several server processes on one PostgreSQL, each of which can be killed, and a client that survives them. */
import { startPostgres } from "../../scripts/postgres_server.ts";
import { startCommand } from "../stack/stack_process.ts";
import { PASSWORD } from "../http/cast.ts";

export interface Server {
  readonly url: string;
  /** As the kernel ends a process that is out of memory. */
  kill(): Promise<void>;
}

export interface Answer {
  /** 0 when the server went away before it answered. */
  readonly status: number;
  // Tests read what they expect and assert it.
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

export interface Servers extends AsyncDisposable {
  /** Of the database, as a superuser. */
  readonly databaseUrl: string;
  crashDatabase(): Promise<void>;
  start(): Promise<Server>;
}

/** A PostgreSQL of the test's own, for it will be crashed. */
export async function startServers(): Promise<Servers> {
  const postgres = await startPostgres();
  const running = new Set<Server>();
  return {
    databaseUrl: postgres.url,
    crashDatabase: () => postgres.crash(),
    async start() {
      const stack = await startCommand(["--db", postgres.url, "--port", "0", "--no-web", "--no-rate-limit"]);
      const server: Server = {
        url: stack.variables.SUPABASE_URL!,
        kill: async () => {
          if (running.delete(server)) await stack.end("SIGKILL");
        },
      };
      running.add(server);
      return server;
    },
    async [Symbol.asyncDispose]() {
      for (const server of running) await server.kill();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

/** One request as a person; an answer that never came has status 0. */
export async function ask(
  server: Server,
  credential: string | undefined,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  try {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        ...credential !== undefined && { authorization: `Bearer ${credential}` },
        ...body !== undefined && { "content-type": "application/json" },
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  } catch (error) {
    if (error instanceof TypeError) return { status: 0, body: undefined };
    throw error;
  }
}

/** A demo person's token. */
export async function signIn(server: Server, person = "user"): Promise<string> {
  const body = { email: `${person}@example.com`, password: PASSWORD };
  return (await ask(server, undefined, "POST", "/api/login", body)).body.token;
}

/** Buckets whose public access is blocked, or no longer: the second is a drift from the first. */
export function buckets(prefix: string, count: number, isOpen = false): object[] {
  return Array.from({ length: count }, (_, index) => ({
    external_id: `${prefix}-${index}`,
    name: `${prefix}-${index}`,
    resource_type: "aws_s3_bucket",
    provider: "aws",
    tags: {},
    configuration: { block_public_acls: !isOpen },
  }));
}

/** Asks again and again until something is so. */
export async function until<Value>(
  look: () => Promise<Value | undefined | false>,
  patience = 30_000,
): Promise<Value> {
  const deadline = performance.now() + patience;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`not so within ${patience} ms: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
