/** Entry point: environment, dependencies, serve. */
import { createDeps } from "../../../shared/http/deps.ts";
import { readEnv } from "../../../shared/config/env.ts";
import { createApp } from "./app.ts";

export default { fetch: createApp(createDeps(readEnv(Deno.env.toObject()))).fetch };
