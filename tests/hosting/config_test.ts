/** Every function is configured, each import of an upload is mapped to the pinned version, nothing local is pushed. */
import assert from "node:assert/strict";
import { parse } from "smol-toml";
import { findFunctions, withFunctions } from "../../scripts/configure_functions.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
// deno-lint-ignore no-explicit-any -- the file's own shape is what is asserted
const config = parse(await read("supabase/config.toml")) as any;

const IMPORT = /^(?:import|export|\}) (?:[^"\n]* )?from "([^"]+)"/gm;

Deno.test("every function folder is configured, and none besides: run deno task functions:configure", async () => {
  const text = await read("supabase/config.toml");
  const names = await findFunctions();
  assert.deepEqual(Object.keys(config.functions).sort(), names);
  assert.equal(text, withFunctions(text, names));
  for (const name of names) assert.equal(config.functions[name].verify_jwt, false, name);
});

Deno.test("every entry point does the same: environment, dependencies, serve", async () => {
  const texts = await Promise.all(
    (await findFunctions()).map((name) => read(`supabase/functions/${name}/index.ts`)),
  );
  assert.equal(new Set(texts).size, 1);
});

Deno.test("the functions' import map pins what the project's does", async () => {
  const { imports } = JSON.parse(await read("supabase/functions/import_map.json"));
  const project = JSON.parse(await read("deno.json")).imports;
  for (const [name, target] of Object.entries(imports)) {
    const pinned = project[name.replace(/\/$/, "")];
    // A plain import map does not extend a name to its subpaths, as deno.json does.
    assert.equal(target, name.endsWith("/") ? `${pinned.replace("npm:", "npm:/")}/` : pinned);
  }
});

Deno.test("every package that functions and shared code import is in the functions' import map", async () => {
  const { imports } = JSON.parse(await read("supabase/functions/import_map.json"));
  const names = Object.keys(imports);
  for (const folder of ["supabase/functions", "shared"]) {
    for await (const file of sources(folder)) {
      for (const [, specifier = ""] of (await read(file)).matchAll(IMPORT)) {
        if (/^(?:\.|node:)/.test(specifier)) continue;
        const isMapped = names.some((name) =>
          name.endsWith("/") ? specifier.startsWith(name) : specifier === name
        );
        assert.ok(isMapped, `${file} imports ${specifier}`);
      }
    }
  }
});

Deno.test("what a push carries to production has no local address, and mails are confirmed", () => {
  const { production } = config.remotes;
  assert.equal(production.project_id, "env(SUPABASE_PROJECT_ID)");
  assert.doesNotMatch(JSON.stringify(production), /127\.0\.0\.1|localhost/);
  for (const key of ["site_url", "additional_redirect_urls"]) assert.ok(key in production.auth, key);
  assert.equal(production.auth.email.enable_confirmations, true);
  // What closes Auth's own door further (docs/rate-limits.md).
  assert.deepEqual({ ...production.auth.rate_limit }, {
    email_sent: 30,
    token_refresh: 150,
    sign_in_sign_ups: 30,
    token_verifications: 30,
    anonymous_users: 0,
  });
  const { enable_anonymous_sign_ins, enable_manual_linking, minimum_password_length } = production.auth;
  assert.deepEqual([enable_anonymous_sign_ins, enable_manual_linking, minimum_password_length], [
    false,
    false,
    8,
  ]);
  assert.equal(production.auth.email.double_confirm_changes, true);
  assert.equal(production.auth.email.secure_password_change, true);
  assert.equal(production.db.seed.enabled, false);
  assert.equal(config.api.auto_expose_new_tables, false);
});

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}
