/** Every function is configured, nothing local is pushed, and a machine of one's own differs only where it must. */
import assert from "node:assert/strict";
import { parse } from "smol-toml";
import { findFunctions, withFunctions } from "../../scripts/configure_functions.ts";
import { toLocalConfig } from "../../scripts/local_config.ts";
import { OWN_VARIABLES } from "../../shared/config/env.ts";
import { NewPassword } from "../../shared/contracts/session.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
const text = await read("supabase/config.toml");
// deno-lint-ignore no-explicit-any -- the file's own shape is what is asserted
const config = parse(text) as any;

Deno.test("every function folder is configured, and none besides: run deno task functions:configure", async () => {
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

Deno.test("nothing in the file that is pushed is for one's own machine", () => {
  assert.deepEqual(config.remotes, undefined);
  assert.doesNotMatch(JSON.stringify(config), /127\.0\.0\.1|localhost|signing_keys|seed\.sql/);
  for (const name of ["port", "shadow_port"]) {
    assert.deepEqual([name in config.api, name in config.db], [false, false]);
  }
  assert.equal(config.db.seed.enabled, false);
  assert.equal(config.api.auto_expose_new_tables, false);
});

Deno.test("a machine of one's own gets the same, but for what it needs otherwise", () => {
  // deno-lint-ignore no-explicit-any -- the file's own shape is what is asserted
  const local = parse(toLocalConfig(text)) as any;
  assert.equal(local.auth.site_url, "http://127.0.0.1:5173");
  assert.equal(local.auth.email.enable_confirmations, false);
  assert.equal(local.auth.email.smtp, undefined);
  assert.equal(local.auth.rate_limit.sign_in_sign_ups, 10000);
  assert.equal(local.db.seed.enabled, true);
  assert.doesNotMatch(JSON.stringify(local), /env\(/);
  for (const name of ["minimum_password_length", "jwt_expiry", "enable_anonymous_sign_ins", "mfa"]) {
    assert.deepEqual(local.auth[name], config.auth[name], name);
  }
  assert.deepEqual(Object.keys(local.functions), Object.keys(config.functions));
  assert.equal(local.functions.api.entrypoint, "./functions/api/index.js");
});

Deno.test("a password that the API takes is one that Auth takes", () => {
  const shortest = "x".repeat(config.auth.minimum_password_length);
  assert.ok(NewPassword.safeParse(shortest).success);
  assert.ok(!NewPassword.safeParse(shortest.slice(1)).success);
});

Deno.test("every setting of the functions is explained", async () => {
  const page = await read("docs/configuration.md");
  for (const name of OWN_VARIABLES) assert.ok(page.includes(`\`${name}\``), name);
});
