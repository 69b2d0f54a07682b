/** A real nginx with the project's rewrites, in front of a local stack. */

/** The program, where it is installed. */
export async function findNginx(): Promise<string | undefined> {
  for (const path of ["/usr/sbin/nginx", "/usr/local/sbin/nginx"]) {
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
}

/** Starts it on a free port with deploy/nginx.conf, its placeholders filled in. */
export async function startNginx(
  program: string,
  supabaseUrl: string,
  secret: string,
): Promise<AsyncDisposable & { url: string }> {
  const folder = await Deno.makeTempDir({ prefix: "infraaudit-nginx-" });
  const rewrites = await Deno.readTextFile(new URL("../../deploy/nginx.conf", import.meta.url));
  await Deno.writeTextFile(
    `${folder}/rewrites.conf`,
    rewrites.replaceAll("https://PROJECT_REF.supabase.co", supabaseUrl).replace("PROXY_SECRET", secret),
  );
  const port = freePort();
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
    `${name}_temp_path ${folder}/${name};`
  );
  await Deno.writeTextFile(
    `${folder}/main.conf`,
    `daemon off; pid ${folder}/pid; error_log stderr warn; worker_processes 1;
events {}
http { access_log off; ${
      paths.join(" ")
    } server { listen 127.0.0.1:${port}; include ${folder}/rewrites.conf; } }`,
  );
  const child = new Deno.Command(program, { args: ["-c", `${folder}/main.conf`], stderr: "inherit" }).spawn();
  await untilOpen(port);
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 1;; tries += 1) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
