/** The build stays small, and its policy strict: what the first view loads, and the headers hosts are told. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { answerWeb } from "../../dev/gateway/web.ts";
import { buildPage } from "../../web/build.ts";
import { configFromEnv, originsOf } from "../../web/page_config.ts";
import { contentSecurityPolicy } from "../../web/security_headers.ts";
import { DIST } from "../../web/vite_options.ts";

const MOST_SCRIPT_BYTES = 130_000;

Deno.test("the script of the first view is at most 130 kB gzipped", async () => {
  await buildPage({ ifNeeded: true, env: {} });
  const html = await Deno.readTextFile(`${DIST}index.html`);
  const scripts = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path]) => path!);
  assert.ok(scripts.length >= 2);
  const sizes = await Promise.all(
    scripts.map(async (path) => gzipSync(await Deno.readFile(DIST + path.slice(1))).length),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total <= MOST_SCRIPT_BYTES, `${total} bytes`);
  assert.doesNotMatch(html, /<script>|<style|\son\w+=/, "no inline code");
});

Deno.test("the local stack sends text compressed to whoever takes it that way, as static hosts do", async () => {
  await buildPage({ ifNeeded: true, env: {} });
  const ask = async (accepted: string) => {
    const request = new Request("http://localhost/sign-in", { headers: { "accept-encoding": accepted } });
    return (await answerWeb(request, pathToFileURL(DIST)))!;
  };
  const [plain, packed] = [await ask("identity"), await ask("br, gzip")];
  assert.deepEqual([plain, packed].map(({ headers }) => headers.get("content-encoding")), [null, "gzip"]);
  assert.equal(packed.headers.get("vary"), "accept-encoding");
  const text = await new Response(packed.body!.pipeThrough(new DecompressionStream("gzip"))).text();
  assert.equal(text, await plain.text());
});

Deno.test("the policy allows no inline code and no origin that was not configured", async () => {
  for (const policy of [contentSecurityPolicy(), contentSecurityPolicy(["https://api.example.com"])]) {
    // Supabase Auth hands out the QR code of a second factor as a data URL: pictures may be inline, code never.
    assert.doesNotMatch(
      policy.replace("img-src 'self' data:", ""),
      /unsafe-|\*|data:|https?:(?!\/\/api\.example\.com)/,
    );
  }
  const headers = await Deno.readTextFile(`${DIST}_headers`);
  assert.ok(headers.includes(contentSecurityPolicy()));
});

Deno.test("a deployment's configuration is whole or absent, and its origins are those of its URLs", () => {
  const env = {
    WEB_SUPABASE_URL: "https://ref.supabase.co",
    WEB_PUBLISHABLE_KEY: "sb_publishable_x",
    WEB_API_BASE: "https://api.example.com/",
  };
  assert.deepEqual(originsOf(configFromEnv(env)), ["https://ref.supabase.co", "https://api.example.com"]);
  assert.equal(configFromEnv({}), undefined);
  assert.throws(() => configFromEnv({ ...env, WEB_API_BASE: undefined }), /set WEB_API_BASE too/);
});
