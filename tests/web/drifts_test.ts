/** Drifts reach the open page by themselves, and are followed to their end there: one by one, and many at once. */
import assert from "node:assert/strict";
import { tokenAt } from "../http/sign_in.ts";
import { call, hasChromium, openSite } from "./browser.ts";

/** A bucket as a pipeline reports it. */
function bucket(name: string, blocksPublicAcls: boolean) {
  return {
    external_id: `arn:aws:s3:::${name}`,
    name,
    resource_type: "aws_s3_bucket_public_access_block",
    provider: "aws",
    region: "eu-central-1",
    configuration: { bucket: name, block_public_acls: blocksPublicAcls, block_public_policy: true },
  };
}

Deno.test({
  name: "drifts in the page",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const { stack } = site;
    const { page, context } = await site.open({ as: "user", viewport: { width: 1280, height: 800 } });
    const token = await tokenAt(stack.url, "user");
    const report = async (name: string, blocksPublicAcls: boolean) => {
      const body = JSON.stringify([bucket(name, blocksPublicAcls)]);
      const answer = await call(stack, "/v1/resources/import", token, { method: "POST", body });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    };
    const row = (name: string) =>
      page.getByRole("table", { name: "Drifts" }).getByRole("row", { name: new RegExp(name) });
    const live = page.getByRole("status").filter({ hasText: /^Live$/ });

    await t.step("the page says that it is live", async () => {
      for (const name of ["alpha", "beta", "gamma"]) await report(name, true);
      await page.goto("/drifts");
      await live.waitFor();
      await page.getByRole("button", { name: "Scan now" }).waitFor();
    });

    await t.step("a drift that a pipeline imports appears by itself", async () => {
      await report("alpha", false);
      await row("alpha").waitFor();
    });

    await t.step("elsewhere in the page it is counted beside the link to the drifts", async () => {
      await page.getByRole("link", { name: "Resources" }).click();
      await page.getByRole("link", { name: "alpha" }).waitFor();
      await report("beta", false);
      await page.getByRole("link", { name: /^Drifts 1/ }).click();
      await row("beta").waitFor();
      await page.getByRole("link", { name: "Drifts", exact: true }).waitFor();
    });

    await t.step("offline is said; back online, what was missed is there", async () => {
      await context.setOffline(true);
      await page.getByRole("status").filter({ hasText: /^Offline$/ }).waitFor();
      await report("gamma", false);
      assert.equal(await row("gamma").count(), 0);
      await context.setOffline(false);
      await row("gamma").waitFor();
      await live.waitFor();
    });

    await t.step("filters are in the address, and the address brings them back", async () => {
      await page.getByLabel("Severity", { exact: true }).selectOption("low");
      await page.waitForURL("**/drifts?severity=low");
      await page.getByText("No drift matches").waitFor();
      await page.getByRole("button", { name: /^High/ }).click();
      await page.waitForURL("**/drifts?severity=high");
      await row("alpha").waitFor();
      await page.reload();
      await row("alpha").waitFor();
      assert.equal(await page.getByLabel("Severity", { exact: true }).inputValue(), "high");
      await page.goBack();
      await page.getByText("No drift matches").waitFor();
      await page.goForward();
    });

    await t.step("a page that the list has no more leads back to its first", async () => {
      await page.goto("/drifts?severity=high&page=9");
      await page.getByText("Nothing on this page").waitFor();
      await page.getByRole("button", { name: "Go to the first page" }).click();
      await page.waitForURL("**/drifts?severity=high");
      await row("alpha").waitFor();
    });

    await t.step("one drift shows what changed and why that matters", async () => {
      await row("alpha").getByRole("link").click();
      await page.waitForURL(/\/drifts\/\d+$/);
      await page.getByText("Why this is high").waitFor();
      const change = page.getByLabel(/^Change of .*block_public_acls/);
      assert.match(await change.innerText(), /true[\s\S]*false/);
    });

    await t.step("it is investigated, then resolved; a resolved one is offered no action", async () => {
      await page.getByRole("button", { name: "Investigate" }).click();
      await page.getByText("Investigating").waitFor();
      await page.getByRole("button", { name: "Resolve" }).click();
      await page.getByRole("dialog").getByLabel("Fixed in the infrastructure").check();
      await page.getByLabel("Note (optional)").fill("closed by the platform team");
      await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
      await page.getByText("Resolved", { exact: true }).first().waitFor();
      assert.equal(await page.getByRole("button", { name: "Resolve" }).count(), 0);
    });

    await t.step("its history says who, how and why; it takes notes, and is reopened", async () => {
      const history = page.getByRole("list").filter({ hasText: "Detected" });
      await history.getByText("closed by the platform team").waitFor();
      await history.getByText("by user@example.com").first().waitFor();
      await page.getByLabel("Add a note").fill("see the runbook");
      await page.getByRole("button", { name: "Add note" }).click();
      await history.getByText("see the runbook").waitFor();
      await page.getByRole("button", { name: "Reopen" }).click();
      await history.getByText("Reopened").waitFor();
      await page.getByRole("button", { name: "Investigate" }).waitFor();
    });

    await t.step("open ones come first, the worst on top, and the tiles count what is listed", async () => {
      await page.goto("/drifts");
      await row("alpha").waitFor();
      const words = await page.getByRole("table", { name: "Drifts" }).locator("tbody tr").allInnerTexts();
      const ranks = words.map((text) =>
        ["Critical", "High", "Medium", "Low"].findIndex((one) => text.includes(one))
      );
      assert.deepEqual(ranks, [...ranks].sort());
      const high = ranks.filter((rank) => rank === 1).length;
      await page.getByRole("button", { name: `High ${high}`, exact: true }).waitFor();
    });

    await t.step("by keyboard two are ticked and resolved at once, and the tiles follow", async () => {
      const before = await page.getByRole("button", { name: /^High \d/ }).innerText();
      await page.getByLabel("Search drifts").fill("block_public_acls");
      await page.waitForURL("**/drifts?q=block_public_acls");
      await row("beta").waitFor();
      await page.getByRole("heading", { name: "Drifts" }).click();
      for (const key of ["j", "x", "j", "x", "e"]) await page.keyboard.press(key);
      await page.getByRole("dialog").getByText("Resolve 2 drifts?").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
      await page.getByText("2 drifts changed.").waitFor();
      await page.keyboard.press("/");
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.press("Delete");
      const left = Number(before.replace(/\D/g, "")) - 2;
      await page.getByRole("button", { name: `High ${left}`, exact: true }).waitFor();
    });

    await t.step("the palette goes to a resource by its name", async () => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Go to, or find" }).fill("gamma");
      await page.getByRole("option", { name: /^gamma/ }).first().waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/resources\/\d+$/);
    });

    await t.step("a drift is ignored from its own view, with its resource, field and severity", async () => {
      await page.goto("/drifts?q=alpha");
      await page.getByText("None ignored").waitFor();
      await row("alpha").getByRole("link").click();
      await page.getByRole("button", { name: "Ignore this…" }).click();
      const dialog = page.getByRole("dialog");
      assert.equal(await dialog.getByLabel("External id").inputValue(), "arn:aws:s3:::alpha");
      assert.equal(await dialog.getByLabel("Field").inputValue(), "block_public_acls");
      await dialog.getByRole("button", { name: "Ignore" }).click();
      await dialog.getByText("Must not be empty.").waitFor();
      for (const [length, refusal] of [[1_001, true], [1_000, false]] as const) {
        await dialog.getByLabel("Reason").fill("g".repeat(length));
        await dialog.getByRole("button", { name: "Ignore" }).click();
        if (refusal) await dialog.getByText("Must have at most 1000 characters.").waitFor();
      }
      await dialog.waitFor({ state: "detached" });
      await page.getByText("covers this drift until").waitFor();
    });

    await t.step("it is counted apart, and listed on demand", async () => {
      await page.goto("/drifts?q=alpha");
      await page.getByText("No drift matches").waitFor();
      await page.getByText("1 drift ignored").waitFor();
      await page.getByRole("button", { name: "Show", exact: true }).click();
      await page.waitForURL(/ignored=true/);
      await row("alpha").waitFor();
    });

    await t.step("the rule is in the settings; removed, what it covered counts again", async () => {
      await page.goto("/settings/ignore-rules");
      await page.getByRole("button", { name: /^Actions for/ }).click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
      await page.getByRole("dialog").getByLabel("Reason").fill("closed by hand every night");
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await page.getByRole("button", { name: "Actions for “closed by hand every night”" }).click();
      await page.getByRole("menuitem", { name: "Remove" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
      await page.getByText("Nothing is ignored").waitFor();
      await page.goto("/drifts?q=alpha");
      await row("alpha").waitFor();
      await page.getByText("None ignored").waitFor();
    });

    await t.step("a viewer sees drifts and is offered no action", async () => {
      const { page: viewer, context: theirs } = await site.open({ as: "viewer" });
      await viewer.goto("/drifts");
      await viewer.getByRole("link", { name: /block_public_acls/ }).first().click();
      await viewer.getByText("What changed").waitFor();
      assert.equal(await viewer.getByRole("button", { name: /Resolve|Ignore/ }).count(), 0);
      await viewer.goto("/settings/ignore-rules");
      await viewer.getByText("Nothing is ignored").waitFor();
      assert.equal(await viewer.getByRole("button", { name: "New rule" }).count(), 0);
      await theirs.close();
    });

    assert.deepEqual(site.complaints, []);
  },
});
