/** A PostgreSQL server of one's own, on a free port, gone with its data when it is closed. */

/** A running server. */
export interface PostgresServer extends AsyncDisposable {
  /** Superuser's URL, ending in the database's name `postgres`. */
  readonly url: string;
  /** Ends it as a crash would, with every connection, and starts it again on the same port. */
  crash(): Promise<void>;
}

const START_TRIES = 3;

/**
 * Starts a server from the newest PostgreSQL that is installed (Debian's layout, or `PG_BIN`).
 * It is quick rather than safe (no fsync): nothing of it outlives it.
 * @throws Error that names the package to install, or what the server said
 */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = Deno.env.get("PG_BIN") ?? await newestBin();
  const folder = await Deno.makeTempDir({ prefix: "infraaudit-pg-" });
  const data = `${folder}/data`;
  // The server refuses to run as root: it gets the package's own user.
  const asUser = Deno.uid() === 0
    ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    : [];
  if (asUser.length > 0) await run(["chown", "postgres:", folder]);
  await run([
    ...asUser,
    `${bin}/initdb`,
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-sync",
  ]);
  const control = (...args: string[]) => run([...asUser, `${bin}/pg_ctl`, "-D", data, ...args]);
  const start = (settings: string) => control("-w", "-l", `${folder}/log`, "-o", settings, "start");
  for (let tries = 1;; tries += 1) {
    const port = freePort();
    const settings =
      `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off ` +
      "-c max_connections=60";
    try {
      await start(settings);
    } catch (error) {
      // Somebody may have taken the port in between.
      if (tries < START_TRIES) continue;
      throw new Error(await Deno.readTextFile(`${folder}/log`), { cause: error });
    }
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      crash: async () => {
        await control("-m", "immediate", "stop");
        await start(settings);
      },
      [Symbol.asyncDispose]: async () => {
        await control("-m", "immediate", "stop");
        await Deno.remove(folder, { recursive: true });
      },
    };
  }
}

async function newestBin(): Promise<string> {
  const versions: number[] = [];
  try {
    for await (const { name } of Deno.readDir("/usr/lib/postgresql")) versions.push(Number(name));
  } catch {
    throw new Error("PostgreSQL is not installed: apt-get install postgresql, or set PG_BIN.");
  }
  return `/usr/lib/postgresql/${Math.max(...versions)}/bin`;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function run(command: string[]): Promise<void> {
  const [program = "", ...args] = command;
  // A pipe would stay open in the server and keep us waiting: its talk goes nowhere but its log.
  const child = new Deno.Command(program, { args, cwd: "/", stdout: "null", stderr: "null" });
  if (!(await child.output()).success) throw new Error(`${program} ${args.join(" ")} failed.`);
}
