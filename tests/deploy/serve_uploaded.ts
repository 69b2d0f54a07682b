/** Serves uploaded functions as the platform does: serve_uploaded.ts FOLDER, one folder a function below it. */

const [root = "."] = Deno.args;
const functions = new Map<string, (request: Request) => Response | Promise<Response>>();
for await (const { name, isDirectory } of Deno.readDir(root)) {
  if (!isDirectory) continue;
  const { entrypoint_path } = JSON.parse(await Deno.readTextFile(`${root}/${name}/metadata.json`));
  const { default: app } = await import(`file://${root}/${name}/${entrypoint_path}`);
  functions.set(name, app.fetch);
}

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  // deno-lint-ignore no-console
  onListen: ({ port }) => console.log(`PORT ${port}`),
}, (request, { remoteAddr }) => {
  const url = new URL(request.url);
  const [, path = ""] = url.pathname.split(/^\/functions\/v1/);
  const serve = functions.get(path.split("/")[1] ?? "");
  if (!serve) {
    return Response.json({ code: "NOT_FOUND", message: "Requested function was not found" }, { status: 404 });
  }
  // The function sees its own name first, and the client's address at the right end.
  url.pathname = path;
  const headers = new Headers(request.headers);
  const before = headers.get("x-forwarded-for");
  headers.set("x-forwarded-for", [before, remoteAddr.hostname].filter(Boolean).join(", "));
  return serve(new Request(url, new Request(request, { headers })));
});
