/** A state's file is imported in the page: dropped or chosen, seen on its way, called off, refused in words. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { BrowserContext, CDPSession, Locator, Page } from "playwright-core";
import { tokenAt } from "../http/sign_in.ts";
import { call, eventually, hasChromium, openSite } from "./browser.ts";

const STATES = new URL("../drift/fixtures/", import.meta.url).pathname;
/** Notes whether the page keeps the next drop to itself, once every listener had its turn. */
const NOTE_DROP = `addEventListener(
  "drop",
  (event) => setTimeout(() => globalThis.dropIsKept = event.defaultPrevented),
  { once: true },
)`;
const UPLOAD_BYTES_A_SECOND = 512 * 1024;

Deno.test({
  name: "an import in the page",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const { page, context } = await site.open({ as: "user", viewport: { width: 1280, height: 800 } });
    const devtools = await context.newCDPSession(page);
    const dialog = page.getByRole("dialog");
    const open = () => page.getByRole("button", { name: "Import" }).click();
    const done = () => page.getByRole("button", { name: "Done" }).click();
    const counted = (part: string) =>
      dialog.getByRole("definition").filter({ has: page.locator(`xpath=../dt[.="${part}"]`) }).innerText();
    const doIt = dialog.getByRole("button", { name: "Import", exact: true });
    const countResources = async () =>
      (await call(site.stack, "/v1/resources", await tokenAt(site.stack.url, "user"))).body.meta.total;

    await page.goto("/resources");

    await t.step(
      "a Terraform state that is dropped beside the area is not opened by the browser",
      async () => {
        await open();
        await dialog.getByText("Drop a file here").waitFor();
        await page.evaluate(NOTE_DROP);
        await drag(devtools, ["dragEnter", "dragOver", "drop"], { x: 4, y: 4 }, "terraform_1_11.tfstate");
        await eventually(() => page.evaluate<boolean>("globalThis.dropIsKept === true"));
      },
    );

    await t.step("dropped on the area, its resources are there to be looked at", async () => {
      const area = await middleOf(dialog.getByText("Drop a file here"));
      await drag(devtools, ["dragEnter", "dragOver"], area, "terraform_1_11.tfstate");
      await dialog.getByText("Let go to see what it would do").waitFor();
      const before = await countResources();
      await drag(devtools, ["drop"], area, "terraform_1_11.tfstate");
      await dialog.getByText("would make these resources").waitFor();
      assert.equal(await counted("created"), "5");
      assert.equal(await countResources(), before, "nothing is written yet");
      await doIt.click();
      await dialog.getByText("Imported.").waitFor();
      assert.equal(await counted("created"), "5");
      assert.equal(await countResources(), before + 5);
      await done();
      await page.getByRole("link", { name: 'module.child["two"].terraform_data.inner' }).waitFor();
      await page.getByRole("link", { name: "terraform_data.secret[0]" }).click();
      await page.getByText("First snapshot").waitFor();
      const configuration = page.getByLabel("Configuration");
      await configuration.getByText('"user"').first().waitFor();
      assert.doesNotMatch(await configuration.innerText(), /hunter2/, "marked secrets are masked");
      await page.goBack();
    });

    await t.step("the same as `terraform show -json`, chosen by keyboard, is known already", async () => {
      await open();
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.getByRole("button", { name: "Choose a file" }).press("Enter"),
      ]);
      await chooser.setFiles(`${STATES}terraform_1_11_show.json`);
      await doIt.click();
      await dialog.getByText("Imported.").waitFor();
      assert.equal(await counted("unchanged"), "5");
      await done();
    });

    await t.step("what is no JSON, too large or no state is refused in words", async () => {
      await open();
      await choose(page, "broken.tfstate", "{");
      await dialog.getByText("broken.tfstate is not JSON").waitFor();
      await choose(page, "large.json", `["${"x".repeat(8 * 1024 * 1024)}"]`);
      await dialog.getByText("large.json is larger than 8 MiB").waitFor();
      await choose(page, "other.json", `{"version":3}`);
      await dialog.getByText("large.json").waitFor({ state: "hidden" });
      assert.match(await dialog.getByRole("alert").innerText(), /version/);
      await choose(page, "picture.png", "\x89PNG\r\n");
      await dialog.getByText("picture.png is not JSON").waitFor();
    });

    await t.step("the file's text is sent as it is: long numbers keep their digits", async () => {
      const text = JSON.stringify([snapshot("digits", { size: 0 })]).replace(
        `"size":0`,
        `"size":1234567890123456789`,
      );
      await choose(page, "digits.json", text);
      await doIt.waitFor();
      const [request] = await Promise.all([page.waitForRequest("**/resources/import"), doIt.click()]);
      await dialog.getByText("Imported.").waitFor();
      assert.equal(request.postData(), text);
      await page.getByRole("button", { name: "Import another" }).click();
    });

    await t.step(
      "on a slow line one sees how much was sent; called off then, nothing is imported",
      async () => {
        const before = await countResources();
        await slowDown(context, page);
        const large = snapshot("large", { user_data: "x".repeat(4 * 1024 * 1024) });
        await choose(page, "large.json", JSON.stringify([large]));
        const bar = dialog.getByRole("progressbar", { name: "Import" });
        await eventually(async () => Number(await bar.getAttribute("value")) > 0);
        assert.match(await dialog.innerText(), /Sending large\.json…\s+[0-3]\.\d of 4\.0 MiB/);
        await Promise.all([
          page.waitForEvent("requestfailed", (request) => request.url().includes("/resources/import")),
          page.getByRole("button", { name: "Cancel" }).click(),
        ]);
        await dialog.waitFor({ state: "hidden" });
        assert.equal(await countResources(), before);
      },
    );

    await t.step(
      "a full picture of a source says what it would delete; much at once asks once more",
      async () => {
        await slowDown(context, page, -1);
        const all = Array.from({ length: 8 }, (_, at) => snapshot(`part-${at}`, { size: 1 }));
        const part = dialog.getByLabel("Source (optional)");
        const full = dialog.getByLabel("This is all of the source");
        const again = dialog.getByRole("button", { name: "See what it would do" });
        await open();
        await choose(page, "all.json", JSON.stringify(all));
        await doIt.waitFor();
        assert.ok(await full.isDisabled(), "of no source nothing is missing");
        await part.fill("staging");
        await again.click();
        await doIt.click();
        await page.getByRole("button", { name: "Import another" }).click();
        await choose(page, "few.json", JSON.stringify(all.slice(0, 2)));
        await part.fill("staging");
        await full.check();
        await again.click();
        await dialog.getByRole("alert").getByText(/would mark 6 of the 8 resources/).waitFor();
        await dialog.getByLabel("Even if more than half of it is gone").check();
        await again.click();
        await doIt.waitFor();
        assert.equal(await counted("deleted"), "6");
        await page.getByRole("button", { name: "Cancel" }).click();
      },
    );

    await t.step("by source: each with its number, and its resources behind it", async () => {
      await page.getByRole("link", { name: "By source" }).click();
      await page.getByRole("row", { name: /staging 8/ }).getByRole("link").click();
      await page.waitForURL("**/resources?source=staging");
      await page.getByRole("link", { name: "part-7" }).click();
      await page.getByRole("main").getByRole("link", { name: "staging" }).waitFor();
    });

    await t.step("risks: of all resources, and of one", async () => {
      await page.goto("/resources/risks");
      await page.getByText(/risks? in \d+ of these \d+ resources\./).waitFor();
      const risky = page.getByRole("heading", { level: 2 }).first();
      await risky.getByRole("link").click();
      await page.getByRole("list", { name: "Risks" }).getByRole("listitem").first().waitFor();
      await page.goto("/resources/risks?q=part-1");
      await page.getByText("Nothing dangerous in these 1 resource.").waitFor();
    });

    assert.deepEqual(site.complaints, []);
  },
});

/** A resource as a pipeline reports it. */
function snapshot(name: string, configuration: Record<string, unknown>) {
  return { external_id: name, name, resource_type: "aws_instance", provider: "aws", configuration };
}

async function choose(page: Page, name: string, text: string): Promise<void> {
  const file = { name, mimeType: "application/json", buffer: Buffer.from(text) };
  await page.getByLabel("State file").setInputFiles(file);
}

/** What the browser is told by the desktop when somebody drags a file over its window. */
async function drag(
  devtools: CDPSession,
  types: ("dragEnter" | "dragOver" | "drop")[],
  at: { x: number; y: number },
  file: string,
): Promise<void> {
  const data = { items: [], files: [STATES + file], dragOperationsMask: 1 };
  for (const type of types) await devtools.send("Input.dispatchDragEvent", { type, ...at, data });
}

async function middleOf(part: Locator): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = (await part.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}

async function slowDown(
  context: BrowserContext,
  page: Page,
  uploadThroughput = UPLOAD_BYTES_A_SECOND,
): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput,
  });
}
