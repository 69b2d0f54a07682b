/** The local stack as a process of its own, as a person starts it. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";

const MAIN = new URL("../../dev/main.ts", import.meta.url).pathname;

/** Where the process keeps its data; the repository's own `.infraaudit` when absent. */
export interface Place {
  folder?: string;
}

/** A stack that has said READY. */
export interface StackProcess {
  /** Standard output so far. */
  readonly lines: string[];
  /** The `NAME=value` lines. */
  readonly variables: Record<string, string>;
  client(): SupabaseClient;
  /** Sends the signal and waits for the exit code. */
  end(signal: Deno.Signal): Promise<number>;
}

/** Starts the stack and waits for READY; fails with its talk when it ends before. */
export async function startCommand(flags: string[], place: Place = {}): Promise<StackProcess> {
  const child = command(flags, place).spawn();
  const talk = new Response(child.stderr).text();
  const lines: string[] = [];
  const reader = createInterface({ input: Readable.fromWeb(child.stdout as never) });
  for await (const line of reader) {
    lines.push(line);
    if (line.startsWith("READY ")) break;
  }
  if (!lines.at(-1)?.startsWith("READY ")) throw new Error(await talk);
  const variables = Object.fromEntries(
    lines.filter((line) => line.includes("=")).map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
  return {
    lines,
    variables,
    client: () =>
      createClient(variables.SUPABASE_URL!, variables.SUPABASE_PUBLISHABLE_KEY!, {
        auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
      }),
    end: async (signal) => {
      child.kill(signal);
      const { code } = await child.status;
      await talk;
      return code;
    },
  };
}

/** Runs it to its end: for what is refused. */
export async function runCommand(
  flags: string[],
  place: Place = {},
): Promise<{ code: number; out: string; talk: string }> {
  const { code, stdout, stderr } = await command(flags, place).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), talk: text.decode(stderr) };
}

function command(flags: string[], { folder }: Place): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...flags],
    env: { NO_COLOR: "1", ...(folder && { INFRAAUDIT_FOLDER: folder }) },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}
