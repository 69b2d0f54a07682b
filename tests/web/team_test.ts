/** Invitations carry through the mail and sign-up into the organization; roles bind; the audit log tells of it. */
import assert from "node:assert/strict";
import { tokenAt } from "../http/sign_in.ts";
import { call, hasChromium, mailedLink, openSite, signIn } from "./browser.ts";

Deno.test({
  name: "the team in the page",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const { stack } = site;
    const { page } = await site.open({ as: "owner", viewport: { width: 1280, height: 800 } });
    const member = page.getByRole("table", { name: "Team" }).getByRole("row", { name: /guest@example.com/ });

    await t.step("an owner invites; the invitation is in the list", async () => {
      await page.goto("/settings/team");
      await page.getByRole("row", { name: /Uma User/ }).waitFor();
      await page.getByRole("button", { name: "Invite" }).click();
      await page.getByRole("button", { name: "Send invitation" }).click();
      await page.getByText(/^Must be an e-?mail address\.$/).waitFor();
      await page.getByLabel("Email").fill("guest@example.com");
      await page.getByLabel("Role").last().selectOption("viewer");
      await page.getByRole("button", { name: "Send invitation" }).click();
      await page.getByRole("region", { name: "Invitation link" }).waitFor();
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByRole("table", { name: "Invitations" }).getByText("guest@example.com").waitFor();
    });

    await t.step("the mailed link leads into the organization and to a password", async () => {
      const { page: guest, context } = await site.open();
      await guest.goto(await mailedLink(stack, "guest@example.com"));
      await guest.getByText("Olga Owner invites you to Demo as Viewer").waitFor();
      assert.ok(!guest.url().includes("token"), "the invitation's secret leaves the address");
      await guest.getByRole("button", { name: "Accept invitation" }).click();
      // The link made the account, which has no password yet.
      await guest.getByLabel("Full name").fill("Gil Guest");
      await guest.getByLabel("New password").fill("long-enough-1");
      await guest.getByRole("button", { name: "Continue" }).click();
      await guest.getByRole("link", { name: /Gil Guest Demo · viewer/ }).waitFor();
      await context.close();
    });

    await t.step("a mailed link that was used before offers another one", async () => {
      const body = JSON.stringify({ email: "late@example.com", role: "viewer" });
      await call(stack, "/v1/settings/team/invite", await tokenAt(stack.url, "owner"), {
        method: "POST",
        body,
      });
      const spent = await mailedLink(stack, "late@example.com");
      await (await fetch(spent, { redirect: "manual" })).body?.cancel();
      const { page: guest, context } = await site.open();
      await guest.goto(spent);
      await guest.getByText("Join Demo").waitFor();
      assert.equal(guest.url(), `${stack.url}/invite`);
      await guest.getByRole("button", { name: "Send me the link again" }).click();
      await guest.getByText("A new link is on its way").waitFor();
      await guest.goto(await mailedLink(stack, "late@example.com"));
      await guest.getByRole("button", { name: "Accept invitation" }).click();
      await guest.getByLabel("New password").waitFor();
      await context.close();
    });

    await t.step(
      "a link that was handed over leads through sign-in, and the organizations can be switched",
      async () => {
        const body = JSON.stringify({ email: "stranger@example.com", role: "user" });
        const token = await tokenAt(stack.url, "owner");
        const sent = await call(stack, "/v1/settings/team/invite", token, { method: "POST", body });
        const { page: guest, context } = await site.open({ viewport: { width: 1280, height: 800 } });
        await guest.goto(sent.body.accept_url);
        await guest.getByText("Olga Owner invites you to Demo as User").waitFor();
        await guest.getByRole("link", { name: "I have an account" }).click();
        await signIn(guest, "stranger");
        await guest.getByRole("button", { name: "Accept invitation" }).click();
        await guest.getByText("Demo · user").waitFor();
        await guest.getByRole("link", { name: "Sam Stranger" }).click();
        await guest.getByLabel("Active organization").selectOption({ label: "Elsewhere" });
        await guest.getByText("Elsewhere · owner").waitFor();
        await guest.getByRole("link", { name: "Resources" }).click();
        await guest.getByRole("link", { name: "elsewhere-data" }).waitFor();
        assert.equal(await guest.getByRole("link", { name: "demo-logs" }).count(), 0);
        await context.close();
      },
    );

    await t.step("another person's invitation is told apart from one's own", async () => {
      const body = JSON.stringify({ email: "other@example.com", role: "user" });
      const token = await tokenAt(stack.url, "owner");
      const sent = await call(stack, "/v1/settings/team/invite", token, { method: "POST", body });
      const { page: guest, context } = await site.open({ as: "viewer" });
      await guest.goto(sent.body.accept_url);
      await guest.getByText("Sign in as other@example.com to join").waitFor();
      assert.equal(await guest.getByRole("button", { name: "Accept invitation" }).count(), 0);
      await context.close();
    });

    await t.step("a role changes once that is confirmed, and binds at once", async () => {
      await page.reload();
      const role = member.getByLabel("Role of guest@example.com");
      await role.selectOption("user");
      await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
      assert.equal(await role.inputValue(), "viewer");
      await role.selectOption("user");
      await page.getByRole("alertdialog").getByText("Viewer → User").waitFor();
      await page.getByRole("alertdialog").getByRole("button", { name: "Change role" }).click();
      await page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.ok());
      await page.reload();
      assert.equal(await member.getByLabel("Role of guest@example.com").inputValue(), "user");
    });

    await t.step("a person is removed after a question that names them", async () => {
      await member.getByRole("button", { name: "Remove" }).click();
      await page.getByRole("alertdialog").getByText("Remove Gil Guest?").waitFor();
      await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
      await member.waitFor({ state: "detached" });
    });

    await t.step("the last owner can't go, and is told why", async () => {
      const me = page.getByRole("row", { name: /Olga Owner/ });
      await me.getByRole("button", { name: "Leave" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Leave" }).click();
      await page.getByRole("alertdialog").getByText(/owner/).last().waitFor();
      await page.getByRole("alertdialog").getByRole("alert").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      assert.equal((await call(stack, "/v1/auth/me", await tokenAt(stack.url, "owner"))).body.role, "owner");
    });

    await t.step("an admin sees the team and is offered no change to it", async () => {
      const { page: admin, context } = await site.open({ as: "admin" });
      await admin.goto("/settings/team");
      await admin.getByRole("row", { name: /Uma User/ }).waitFor();
      assert.equal(await admin.getByRole("button", { name: "Invite" }).count(), 0);
      assert.equal(await admin.getByRole("button", { name: "Remove" }).count(), 0);
      await context.close();
    });

    await t.step("the audit log tells of it, is filtered by the address, and is intact", async () => {
      await page.getByRole("link", { name: "Audit log" }).click();
      const log = page.getByRole("table", { name: "Audit log" });
      await log.getByRole("row", { name: /owner@example.com/ }).first().waitFor();
      await page.getByLabel("Action").selectOption({ label: "Invitations" });
      await page.waitForURL("**/settings/audit-log?action=invit*");
      await log.getByText("guest@example.com invited").waitFor();
      await page.getByLabel("Action").selectOption({ label: "Team" });
      await log.getByText("Role of guest@example.com changed").waitFor();
      await log.getByText("Role: viewer").waitFor();
      await page.getByRole("button", { name: "Verify" }).click();
      await page.getByText(/^Intact: [\d,]+ events checked\.$/).waitFor();
    });

    await t.step("one event is shown whole, and the log is saved as a file", async () => {
      await page.getByText("Role of guest@example.com changed").click();
      await page.getByRole("dialog").getByText("team.role_changed").waitFor();
      await page.keyboard.press("Escape");
      for (const [format, start] of [["As CSV", "sequence,occurred_at,action"], ["As JSON", "["]] as const) {
        await page.getByRole("button", { name: "Export" }).click();
        const [saved] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("menuitem", { name: format }).click(),
        ]);
        const text = await Deno.readTextFile(await saved.path());
        assert.ok(text.startsWith(start), text.slice(0, 80));
        assert.ok(text.includes("team.role_changed") && !text.includes("invite.created"), "as filtered");
      }
    });

    assert.deepEqual(site.complaints, []);
  },
});
