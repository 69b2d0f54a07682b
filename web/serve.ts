/** The development server: `deno run -A web/serve.ts [--stack URL]`, with the API of a running local stack. */
import { createServer } from "vite";
import { viteOptions } from "./vite_options.ts";

const DEFAULT_STACK = "http://127.0.0.1:54321";
const at = Deno.args.indexOf("--stack");
const stack = at === -1 ? DEFAULT_STACK : Deno.args[at + 1] ?? DEFAULT_STACK;

const proxy = Object.fromEntries(
  ["/v1", "/api", "/auth/v1", "/rest/v1", "/functions/v1", "/config.json", "/dev"]
    .map((path) => [path, { target: stack, changeOrigin: false }]),
);
const server = await createServer({ ...viteOptions(), server: { proxy } });
await server.listen();
server.printUrls();
