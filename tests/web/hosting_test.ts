/** The page works from anywhere: built for a static host of another origin, and from source by the dev server. */
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Page } from "playwright-core";
import { buildPage } from "../../web/build.ts";
import { call, hasChromium, openSite, signIn, type Site } from "./browser.ts";
import { serveFolder } from "./static_host.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

Deno.test({
  name: "the page on a static host of another origin",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const folder = `${tmpdir()}/infraaudit-page-${crypto.randomUUID()}/`;
    await using host = serveFolder(folder);
    // No other origin is let in: the page's must be named, as in production.
    await using site = await openSite({ ALLOWED_ORIGINS: host.url, WEB_BASE_URL: host.url });
    const { stack } = site;
    try {
      const env = {
        WEB_SUPABASE_URL: stack.url,
        WEB_PUBLISHABLE_KEY: stack.publishableKey,
        WEB_API_BASE: stack.url,
      };
      await buildPage({ ifNeeded: false, env, directory: folder });
      const { page } = await site.open({ baseURL: host.url });

      await t.step("a view's own address leads to it, by way of the sign-in", async () => {
        await page.goto("/resources?status=active");
        await signIn(page, "owner");
        await page.getByRole("link", { name: "demo-logs" }).waitFor();
        assert.equal(page.url(), `${host.url}/resources?status=active`);
      });

      await t.step("what changes is told by the event stream", () => seeNews(page, site));

      await t.step("a key is made, and its command asks the API, not the page's host", async () => {
        await page.goto("/settings/api-keys");
        await page.getByRole("button", { name: "New key" }).click();
        await page.getByLabel("Name").fill("elsewhere");
        await page.getByRole("button", { name: "Create key" }).click();
        const command = await page.getByRole("region", { name: "Use it" }).locator("pre").first().innerText();
        assert.ok(command.includes(`${stack.url}/v1/resources`), "the command asks the API");
        await page.getByRole("button", { name: "Done" }).click();
      });

      await t.step("the Data API answers it too, and so does the reference", async () => {
        const asked = page.waitForResponse("**/rest/v1/rpc/my_organizations");
        await page.goto("/profile");
        assert.equal((await asked).status(), 200);
        await page.goto("/reference");
        await page.getByText("/v1/resources/import", { exact: true }).waitFor();
      });

      assert.deepEqual(site.complaints, []);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

Deno.test({
  name: "the page from source",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    await using server = await startDevServer(site.stack.url);
    const { page } = await site.open({ baseURL: server.url });
    page.setDefaultTimeout(60_000);

    await t.step("is served with the running stack behind it", async () => {
      await page.goto("/resources");
      await signIn(page, "user");
      await page.getByRole("link", { name: "demo-logs" }).waitFor();
      assert.equal(new URL(page.url()).origin, server.url);
      const source = await (await fetch(`${server.url}/src/main.tsx`)).text();
      assert.match(source, /createPageRouter/);
    });

    await t.step("and gets its events", () => seeNews(page, site));
  },
});

/** Imports something from outside, and waits until the open page shows it. */
async function seeNews(page: Page, site: Site): Promise<void> {
  const live = page.getByRole("status").filter({ hasText: /^Live$/ });
  await live.filter({ visible: true }).waitFor();
  const login = JSON.stringify({ email: "user@example.com", password: "your-password" });
  const { token } =
    (await call(site.stack, "/v1/api/login", undefined, { method: "POST", body: login })).body;
  const report = async (blocks: boolean) => {
    const body = JSON.stringify([{
      external_id: "news",
      name: "news",
      resource_type: "aws_s3_bucket_public_access_block",
      provider: "aws",
      configuration: { block_public_acls: blocks },
    }]);
    const { status } = await call(site.stack, "/v1/resources/import", token, { method: "POST", body });
    assert.equal(status, 200);
  };
  await report(true);
  await report(false);
  await page.getByRole("link", { name: "news" }).waitFor();
}

/** `deno task web:dev`, as a person starts it. */
async function startDevServer(stack: string): Promise<{ url: string } & AsyncDisposable> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["task", "web:dev", "--stack", stack],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stop = async () => {
    process.kill("SIGTERM");
    await process.status;
  };
  let said = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    const url = /Local:\s+(http:\/\/[\w.:]+)/.exec(said)?.[1];
    if (url) return { url, [Symbol.asyncDispose]: stop };
  }
  throw new Error(`the development server ended: ${said}`);
}
