/** Guarantee: every request example of openapi.json is taken by the API as it stands. */
import assert from "node:assert/strict";
import { gatherCast } from "./cast.ts";
import { checkedFetch } from "./contract.ts";

const { call, signIn, stack } = await gatherCast();
const ask = checkedFetch();

interface Operation {
  operationId: string;
  requestBody?: { content: Record<string, { example?: unknown }> };
}

const document = JSON.parse(await Deno.readTextFile(new URL("../../openapi.json", import.meta.url)));

/** Examples that stand for a secret that nobody has: their form is right, and this is how that is told. */
const SECRETS: Record<string, string> = {
  refreshSession: "TOKEN_INVALID",
  exchangeToken: "invalid_grant",
  receiveSecretMatches: "TOKEN_INVALID",
  recoverWithCode: "INVALID_CREDENTIALS",
  approveDevice: "NOT_FOUND",
  denyDevice: "NOT_FOUND",
  lookAtDevice: "NOT_FOUND",
  requestDeviceToken: "invalid_grant",
  acceptInvite: "NOT_FOUND",
  remailInvite: "NOT_FOUND",
  previewInvite: "NOT_FOUND",
};

/** They end what the others need. The name of the organization is the one that the others gave it. */
const LAST = ["deleteOrganization", "changePassword"];

/** What `{id}` is in the paths under a folder; 1 where nothing is said. */
async function makeIds(): Promise<Record<string, number>> {
  const made = async (path: string, body: unknown) => (await call("owner", "POST", path, body)).body.id;
  const { body: open } = await call("owner", "GET", "/v1/drifts?status=detected&per_page=1");
  return {
    "/drifts/{id}": open.data[0].id,
    "/settings/api-keys/{id}": await made("/v1/settings/api-keys", { name: "example" }),
    "/settings/webhooks/{id}": await made("/v1/settings/webhooks", {
      name: "example",
      url: "https://hooks.example.com/",
    }),
    "/settings/ignore-rules/{id}": await made("/v1/settings/ignore-rules", { field: "x", reason: "example" }),
    "/settings/team/{user_id}": 4,
  };
}

const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) =>
    Object.entries(operation.requestBody?.content ?? {}).map(([type, { example }]) => ({
      path,
      method: method.toUpperCase(),
      id: operation.operationId,
      type,
      example,
    }))
  )
).sort((a, b) => LAST.indexOf(a.id) - LAST.indexOf(b.id));

Deno.test("every request example is accepted", async (t) => {
  const ids = await makeIds();
  for (const { id, method, path, type, example } of operations) {
    await t.step(`${method} ${path}`, async () => {
      const [folder] = Object.keys(ids).filter((known) => path.startsWith(known));
      const target = path.replace(/\{\w+\}/, String(ids[folder ?? ""] ?? 1));
      const { token } = await signIn("owner");
      const response = await ask(`${stack.url}/v1${target}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": type },
        body: type.includes("urlencoded")
          ? new URLSearchParams(example as Record<string, string>)
          : JSON.stringify(example),
      });
      const text = await response.text();
      const { code, details } = response.ok ? { code: undefined, details: undefined } : JSON.parse(text);
      assert.equal(details?.error ?? code, SECRETS[id], `${response.status} ${text}`);
    });
  }
  assert.ok(operations.length > 30);
});
