/** The page in Debian's chromium, against a local stack of the suite's own. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type Stack, type StackOptions, startStack } from "../../dev/stack.ts";
import { emailOf, PASSWORD, type Person } from "../http/cast.ts";
import { SESSION_KEY } from "../../web/src/session/session_key.ts";
import { buildPage } from "../../web/build.ts";

const CHROMIUM = Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** An access token, or an API key: neither may be in an address. */
/** A token or a key with its secret; a key's prefix alone is public. */
const CREDENTIAL = /eyJ[\w-]{8}|ia_(?:live|test)_[0-9A-Za-z]{10}_/;
const PATIENCE_MS = 15_000;

/** Whether the suite can run; says so aloud when it can't. */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  // deno-lint-ignore no-console
  console.error(`SKIPPED: no browser at ${CHROMIUM} (apt-get install chromium, or set CHROMIUM_PATH)`);
  return false;
}

type ProfileOptions = Parameters<Browser["newContext"]>[0] & { as?: Person };

/** A browser, a stack, and what the browser had to complain about. */
export interface Site extends AsyncDisposable {
  stack: Stack;
  /**
   * A new browser profile with one page. Errors of the page are collected in `complaints`.
   * @param options `as`: who is signed in already, without the page's own form
   */
  open(options?: ProfileOptions): Promise<{ page: Page; context: BrowserContext }>;
  /** Watches another page of a profile. */
  watch(page: Page): Page;
  /** Uncaught errors, everything that reached the console (also refusals by the policy), credentials in URLs. */
  complaints: string[];
}

/**
 * Builds the page when needed, and starts stack and browser.
 * @param variables for the functions, beside those of every stack
 * @param start another stack than the embedded one
 */
export async function openSite(
  variables: Record<string, string> = {},
  start: (options: StackOptions) => Promise<Stack> = startStack,
): Promise<Site> {
  await buildPage({ ifNeeded: true, env: {} });
  const stack = await start({ port: 0, ephemeral: true, rateLimits: false, variables });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const complaints: string[] = [];
  const sessions = new Map<Person, Promise<string>>();
  const sessionOf = (who: Person) => {
    if (!sessions.has(who)) sessions.set(who, signInOutside(stack, who));
    return sessions.get(who)!;
  };
  const watch = (page: Page) => {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      const address = request.url().replace(/#.*/, "");
      if (CREDENTIAL.test(address)) complaints.push(`a credential in ${address}`);
    });
    page.on("console", (message) => {
      // The browser itself notes every 4xx; which ones are due is each test's own matter.
      if (!/^Failed to load resource/.test(message.text())) complaints.push(message.text());
    });
    return page;
  };
  return {
    stack,
    complaints,
    watch,
    async open({ as, ...options } = {}) {
      const baseURL = options.baseURL ?? stack.url;
      const localStorage = as ? [{ name: SESSION_KEY, value: await sessionOf(as) }] : [];
      const storageState = { cookies: [], origins: [{ origin: baseURL, localStorage }] };
      const context = await browser.newContext({ ...options, baseURL, storageState });
      return { context, page: watch(await context.newPage()) };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await stack.stop();
    },
  };
}

/** A session as the page keeps it. */
async function signInOutside(stack: Stack, who: Person): Promise<string> {
  const response = await fetch(`${stack.url}/auth/v1/token?grant_type=password`, {
    method: "POST",
    headers: { "content-type": "application/json", apikey: stack.publishableKey },
    body: JSON.stringify({ email: emailOf(who), password: PASSWORD }),
  });
  const session = await response.json();
  if (!response.ok) throw new Error(`${who} can't sign in: ${JSON.stringify(session)}`);
  return JSON.stringify({
    ...session,
    expires_at: session.expires_at ?? Date.now() / 1000 + session.expires_in,
  });
}

/** Signs a demo person in, from wherever the page is. */
export async function signIn(page: Page, who: string, password: string = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(`${who}@example.com`);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Asks the API from outside the browser. */
export async function call(stack: Stack, path: string, token?: string, init: RequestInit = {}) {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const response = await fetch(`${stack.url}${path}`, { ...init, headers });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

/** The link in the last mail to somebody. */
export async function mailedLink(stack: Stack, to: string): Promise<string> {
  const newestFirst: { recipient: string; content: string }[] = (await call(stack, "/dev/mailbox.json")).body;
  const mail = newestFirst.find(({ recipient }) => recipient === to);
  const link = mail && /https?:\/\/\S+/.exec(mail.content)?.[0];
  if (!link) throw new Error(`no mail with a link for ${to}`);
  return link;
}

/** Waits until a condition holds. The page's policy forbids `eval`, so the page can't wait by itself. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error(`still not so after ${PATIENCE_MS} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
