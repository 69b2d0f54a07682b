/** Guarantee: auditors read their organization's log, all of it and nobody else's, and can check that it is whole. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call } = await gatherCast();

const READERS: Actor[] = ["owner", "admin", "stranger", "key:audit:read"];

interface Event {
  id: number;
  sequence: number;
  action: string;
  [field: string]: unknown;
}

/** Something of each kind to find. */
const EVENTFUL: [Actor, string, string, unknown, number][] = [
  ["owner", "PUT", "/v1/settings/team/4", { role: "user" }, 200],
  ["owner", "PUT", "/v1/settings/team/4", { role: "viewer" }, 200],
  ["owner", "POST", "/v1/settings/team/invite", { email: "log@example.com", role: "user" }, 201],
  ["owner", "POST", "/v1/settings/api-keys", { name: "for the log" }, 201],
  ["viewer", "DELETE", "/v1/resources/1", undefined, 403],
];
for (const [actor, method, path, body, status] of EVENTFUL) {
  assert.equal((await call(actor, method, path, body)).status, status);
}

for (const actor of EVERYBODY) {
  for (const path of ["/v1/settings/audit-log", "/v1/settings/audit-log/verify"]) {
    Deno.test(`${actor} gets ${path}`, async () => {
      const answer = await call(actor, "GET", path);
      assert.equal(answer.status, actor === "anonymous" ? 401 : READERS.includes(actor) ? 200 : 403);
      if (answer.status === 403) assert.deepEqual(answer.body.details, { required: "audit:read" });
      if (answer.status === 200 && actor === "stranger") {
        assert.doesNotMatch(JSON.stringify(answer.body), /owner@example\.com/);
      }
    });
  }
}

const FILTERS: [string, (event: Event) => boolean][] = [
  ["action=access.refused", (event) => event.action === "access.refused"],
  ["action=team", (event) => event.action.startsWith("team.")],
  ["action=api_key", (event) => event.action.startsWith("api_key.")],
  ["actor=2", (event) => event.actor_id === 2],
  ["actor=Viewer@example.com", (event) => event.actor_email === "viewer@example.com"],
  ["target=user", (event) => event.target_type === "user"],
  ["target=user:4", (event) => event.target_type === "user" && event.target_id === "4"],
  [
    `target=${encodeURIComponent("endpoint:DELETE /resources/:id")}`,
    (event) => event.target_id === "DELETE /resources/:id",
  ],
  [
    "action=team&actor=2&target=user:4",
    (event) => event.action.startsWith("team.") && event.actor_id === 2 && event.target_id === "4",
  ],
  ["from=2999-01-01T00:00:00Z", () => false],
  ["to=2000-01-01T00:00:00Z", () => false],
  ["from=2000-01-01T00:00:00%2B02:00&to=2999-01-01T00:00:00Z", () => true],
];

for (const [query, isFound] of FILTERS) {
  Deno.test(`?${query} finds exactly those events, newest first`, async () => {
    const all: Event[] = (await call("owner", "GET", "/v1/settings/audit-log?per_page=100")).body.data;
    const { body } = await call("owner", "GET", `/v1/settings/audit-log?per_page=100&${query}`);
    const expected = all.filter(isFound);
    assert.deepEqual(body.data, expected);
    if (!query.includes("2999-01-01T00:00:00Z") && !query.includes("2000-01-01T00:00:00Z")) {
      assert.ok(expected.length > 0);
    }
    assert.deepEqual(all.map((event) => event.sequence), all.map((_, index) => all.length - index));
  });
}

Deno.test("a time bound is exact: from is in, to is not", async () => {
  const [event] = (await call("owner", "GET", "/v1/settings/audit-log?per_page=1")).body.data;
  const at = encodeURIComponent(event.occurred_at);
  const from = await call("owner", "GET", `/v1/settings/audit-log?from=${at}`);
  assert.equal(from.body.data.at(-1).id, event.id);
  const to = await call("owner", "GET", `/v1/settings/audit-log?to=${at}&per_page=1`);
  assert.equal(to.body.data[0].sequence, event.sequence - 1);
});

Deno.test("pages by cursor walk the whole log once", async () => {
  const all: Event[] = (await call("owner", "GET", "/v1/settings/audit-log?per_page=100")).body.data;
  const walked: Event[] = [];
  let cursor = "";
  do {
    const { body } = await call(
      "owner",
      "GET",
      `/v1/settings/audit-log?per_page=7${cursor && `&cursor=${cursor}`}`,
    );
    walked.push(...body.data);
    cursor = body.meta.next_cursor;
  } while (cursor);
  assert.deepEqual(walked, all);
});

for (
  const query of [
    "from=yesterday",
    "to=2026-13-01T00:00:00Z",
    "action=A.b.c",
    "action=%25",
    "target=:7",
    "actor=",
    "page=0",
    "cursor=x",
  ]
) {
  Deno.test(`?${query} is refused`, async () => {
    assert.equal((await call("owner", "GET", `/v1/settings/audit-log?${query}`)).status, 400);
  });
}

Deno.test("the untouched log verifies, and its head is what to keep a copy of", async () => {
  const { body } = await call("owner", "GET", "/v1/settings/audit-log/verify");
  const [newest] = (await call("owner", "GET", "/v1/settings/audit-log?per_page=1")).body.data;
  assert.deepEqual(body, {
    intact: true,
    events: newest.sequence,
    trimmed: 0,
    head: { sequence: newest.sequence, hash: newest.hash },
    broken: null,
  });
});
