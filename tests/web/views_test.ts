/** Every view at 360 and 1280 pixels, light and dark: axe finds nothing serious, nothing overflows or jumps. */
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { tokenAt } from "../http/sign_in.ts";
import { call, eventually, hasChromium, openSite } from "./browser.ts";

/** Where to put pictures of every view; none are taken when it is not set. */
const SCREENSHOTS = Deno.env.get("SCREENSHOTS");
/** Half of what counts as good in Core Web Vitals. */
const LARGEST_SHIFT = 0.05;

const BEFORE = [
  "/sign-in",
  "/sign-up",
  "/forgot-password",
  "/reset-password",
  "/invite#token=ia_invite_x",
  "/reference#createApiKey",
];
const AFTER = [
  "/drifts",
  "/drifts/1",
  "/resources",
  "/resources/1",
  "/resources/risks",
  "/resources/sources",
  "/settings/api-keys",
  "/settings/api-keys/1",
  "/settings/ignore-rules",
  "/settings/webhooks",
  "/settings/team",
  "/settings/audit-log",
  "/settings/trust-policies",
  "/profile",
  "/security",
  "/device",
  "/nothing-here",
];
/** Dialogs: the view, the button that opens one there, and what leads on inside it. */
const DIALOGS: Dialog[] = [
  { name: "new-key", path: "/settings/api-keys", button: "New key" },
  {
    name: "key-shown",
    path: "/settings/api-keys",
    button: "New key",
    then: async (page) => {
      await page.getByLabel("Name").fill("Nightly import");
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByText("It can't be shown again").waitFor();
    },
  },
  {
    name: "custom-key",
    path: "/settings/api-keys",
    button: "New key",
    then: (page) => page.getByLabel("Custom").check(),
  },
  { name: "edit-key", path: "/settings/api-keys/1", button: "Edit" },
  { name: "rotate", path: "/settings/api-keys/1", button: "Rotate" },
  { name: "revoke", path: "/settings/api-keys/1", button: "Revoke" },
  { name: "invite", path: "/settings/team", button: "Invite" },
  { name: "remove", path: "/settings/team", button: "Remove" },
  { name: "import", path: "/resources", button: "Import" },
  { name: "resolve", path: "/drifts/1", button: "Resolve" },
  { name: "new-policy", path: "/settings/trust-policies", button: "New policy" },
  { name: "edit-policy", path: "/settings/trust-policies", button: "Edit Deploys of main" },
  { name: "end-policy", path: "/settings/trust-policies", button: "End Deploys of main" },
  {
    name: "enrol",
    path: "/security",
    button: "Set up",
    then: (page) => page.getByAltText(/QR code/).waitFor(),
  },
  { name: "ignore", path: "/drifts/1", button: "Ignore this…" },
  { name: "new-webhook", path: "/settings/webhooks", button: "New webhook" },
];
interface Dialog {
  name: string;
  path: string;
  button: string;
  then?: (page: Page) => Promise<void>;
}
/** axe's rules whose verdict depends on colours. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];
const SIZES = [{ width: 1280, height: 800 }, { width: 360, height: 740 }];

/** Adds up how far things jump that nobody touched (the Layout Instability API). */
const WATCH_SHIFTS = `globalThis.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });`;

/** All but the event stream. */
const API = /\/v1\/(?!api\/ws)/;
const TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

/** Whether every animation that ends has ended: half-faded text has not its own contrast. */
const STILL = `document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity,
)`;

Deno.test({
  name: "every view",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const token = await tokenAt(site.stack.url, "owner");
    const userCode = await prepare(site.stack, token);
    // Side by side, each in a browser profile of its own.
    await Promise.all(SIZES.map(async (viewport) => {
      const { page: before } = await site.open({ viewport });
      const { page, context } = await site.open({ as: "owner", viewport });
      await page.addInitScript(WATCH_SHIFTS);
      const answered = await answerOneByOne(page);
      const step = (name: string, fn: () => Promise<void>) =>
        t.step({
          name: `${name} at ${viewport.width} px`,
          fn,
          sanitizeOps: false,
          sanitizeResources: false,
          sanitizeExit: false,
        });
      for (const path of BEFORE) {
        await step(path, async () => {
          await before.goto(path);
          await before.getByRole("heading").first().waitFor();
          await settle(before);
          await inspect(before, nameOf(path));
        });
      }
      for (const path of AFTER) {
        await step(path, async () => {
          await page.goto(path);
          await settle(page);
          await answered();
          const shifted = await page.evaluate<number>("globalThis.shifted");
          assert.ok(shifted < LARGEST_SHIFT, `things jumped by ${shifted.toFixed(3)}`);
          await inspect(page, nameOf(path));
        });
      }
      for (const { path, button, name, then } of DIALOGS) {
        await step(name, async () => {
          await page.goto(path);
          await page.getByRole("button", { name: button, exact: true }).first().click();
          await page.getByRole("dialog").or(page.getByRole("alertdialog")).waitFor();
          await then?.(page);
          await inspect(page, name);
        });
      }
      await step("waiting-device", async () => {
        await page.goto(`/device?user_code=${userCode}`);
        await page.getByRole("button", { name: "Continue" }).click();
        await page.getByRole("button", { name: "Sign it in" }).waitFor();
        await inspect(page, "waiting-device");
      });
      await context.close();
    }));
    assert.deepEqual(site.complaints, []);
  },
});

/**
 * One of everything that the views list.
 * @returns the code of a command that waits
 */
async function prepare(stack: Parameters<typeof call>[0], token: string): Promise<string> {
  const post = async (path: string, body: unknown) => {
    const answer = await call(stack, path, token, { method: "POST", body: JSON.stringify(body) });
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  };
  await post("/v1/settings/api-keys", { name: "CI/CD Pipeline" });
  await post("/v1/settings/trust-policies", {
    name: "Deploys of main",
    issuer: "https://token.actions.githubusercontent.com",
    conditions: { repository: "acme/infrastructure", ref: "refs/heads/main" },
    scopes: ["resources:read", "resources:write", "drifts:read"],
  });
  await post("/v1/settings/ignore-rules", { field: "desired_*", reason: "the autoscaler's" });
  await post("/v1/settings/webhooks", { name: "On-call", url: "https://hooks.example.com/infraaudit" });
  await post("/v1/settings/team/invite", { email: "guest@example.com", role: "viewer" });
  const snapshot = (open: boolean) => [{
    external_id: "sg-1",
    name: "edge",
    resource_type: "aws_security_group",
    provider: "aws",
    region: "eu-central-1",
    configuration: {
      ingress: [{
        from_port: 22,
        to_port: 22,
        protocol: "tcp",
        cidr_blocks: [open ? "0.0.0.0/0" : "10.0.0.0/8"],
      }],
    },
  }];
  // A name that is written from right to left must not turn round what stands beside it.
  const query = "?source=%D7%91%D7%93%D7%99%D7%A7%D7%94-1";
  await post(`/v1/resources/import${query}`, snapshot(false));
  await post(`/v1/resources/import${query}`, snapshot(true));
  const body = new URLSearchParams({ client_id: "infraudit", machine: "build-7" });
  const waiting = await fetch(`${stack.url}/v1/auth/device/code`, { method: "POST", body });
  return (await waiting.json()).user_code;
}

/**
 * Lets each answer be painted before the next one comes: what a slow machine or line does to a view.
 * @returns waits until all that was asked for is answered and painted
 */
async function answerOneByOne(page: Page): Promise<() => Promise<void>> {
  let last = Promise.resolve();
  await page.route(API, (route) => {
    last = last.then(async () => {
      await route.continue();
      await (await route.request().response())?.finished();
      await page.evaluate(TWO_FRAMES);
    }).catch(() => {});
  });
  return async () => {
    let seen;
    do {
      seen = last;
      await last;
    } while (seen !== last);
  };
}

/** Waits until nothing that is loading is left. */
async function settle(page: Page): Promise<void> {
  await page.getByRole("main").waitFor();
  await eventually(async () => await page.locator("[aria-busy=true]").count() === 0);
  await eventually(() => page.evaluate<boolean>("document.fonts.status === 'loaded'"));
}

/** Looks at what is there in both colour schemes, without loading it twice. */
async function inspect(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize()!;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await eventually(() => page.evaluate<boolean>(STILL));
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}-${width}-${colorScheme}.png` });
    const outside = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    assert.ok(outside <= 0, `${outside} pixels stick out to the right`);
    // The scheme changes colours and nothing else, and the width no colour: dark, only their rules are asked, once.
    if (colorScheme === "dark" && width !== SIZES[0]!.width) continue;
    const rules = colorScheme === "light" ? undefined : COLOUR_RULES;
    const faults = await judge(page, rules);
    assert.deepEqual(faults, [], colorScheme);
  }
}

/** What axe finds serious or critical. @param rules all where absent */
async function judge(page: Page, rules: string[] | undefined) {
  // The page has no frames, which only the other mode can look into, at the price of a second page.
  const builder = new AxeBuilder({ page }).setLegacyMode();
  builder.options({ resultTypes: ["violations"], preload: false });
  if (rules) builder.withRules(rules);
  const { violations } = await builder.analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => ({
    id,
    where: nodes.map(({ target, failureSummary }) => [target, failureSummary]),
  }));
}

function nameOf(path: string): string {
  return path.replace(/[#?].*$/, "").replace(/^\//, "").replaceAll("/", "-");
}
