/** While a pepper is rotated, isolates of before and after serve side by side, and no request fails. */
import assert from "node:assert/strict";
import { type Call, makeKey, outcome, signIn, startedIsolate, startedStack } from "./api_calls.ts";

const FIRST = "first-pepper-of-at-least-32-characters";
const SECOND = "second-pepper-of-at-least-32-characters";

Deno.test("pepper rotation", async (t) => {
  await using stack = await startedStack();
  const before = await startedIsolate(stack, { API_KEY_PEPPER: FIRST, API_KEY_PEPPER_VERSION: "1" });
  const during = await startedIsolate(stack, {
    API_KEY_PEPPER: SECOND,
    API_KEY_PEPPER_VERSION: "2",
    API_KEY_PEPPER_PREVIOUS: FIRST,
  });
  const after = await startedIsolate(stack, { API_KEY_PEPPER: SECOND, API_KEY_PEPPER_VERSION: "2" });
  const user = await signIn(before, "user");
  const use = async (call: Call, credential: string) =>
    outcome(await call("GET", "/auth/whoami", { credential }));
  const versions = async (id: number) =>
    (await stack.database.query<{ pepper_version: number }>(
      "select pepper_version from private.api_key_hashes where api_key_id = $1 order by pepper_version",
      [id],
    )).map(({ pepper_version }) => Number(pepper_version));

  await t.step("a key of before is known in every order of isolates", async () => {
    for (const order of [[before, during, before, during], [during, before, during, before]]) {
      const key = await makeKey(before, user);
      assert.deepEqual(await versions(key.id), [1]);
      for (const call of order) assert.equal(await use(call, key.key), "200");
      assert.deepEqual(
        await versions(key.id),
        [1, 2],
        "used once during the rotation, it is ready for its end",
      );
    }
  });

  await t.step("a key made or rotated during the rotation is known to isolates of before", async () => {
    const key = await makeKey(during, user);
    assert.deepEqual(await versions(key.id), [1, 2]);
    const { body: successor } = await during("POST", `/settings/api-keys/${key.id}/rotate`, {
      credential: user,
    });
    for (const call of [before, during, before]) {
      assert.equal(await use(call, key.key), "200");
      assert.equal(await use(call, successor.key), "200");
    }
  });

  await t.step("many uses at once while both serve: none fails", async () => {
    const key = await makeKey(before, user);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => use(index % 2 ? before : during, key.key)),
    );
    assert.deepEqual([...new Set(outcomes)], ["200"]);
  });

  await t.step(
    "after it, used keys go on and their old hashes go; a stolen old pepper opens nothing",
    async () => {
      const [used, unused] = [await makeKey(before, user), await makeKey(before, user)];
      assert.equal(await use(during, used.key), "200");
      assert.equal(await use(after, used.key), "200");
      assert.deepEqual(await versions(used.id), [2]);
      assert.equal(await use(before, used.key), "401 API_KEY_INVALID");
      assert.equal(
        await use(after, unused.key),
        "401 API_KEY_INVALID",
        "it was never used while both were known",
      );
      assert.deepEqual(await versions(unused.id), [1]);
      assert.equal(await use(during, unused.key), "200", "and comes back with the old pepper");
    },
  );

  await t.step("a leaked key is found under any live pepper", async () => {
    const key = await makeKey(before, user);
    assert.equal(
      outcome(await during("POST", "/credentials/revoke", { body: { credentials: [key.key] } })),
      "202",
    );
    assert.equal(await use(before, key.key), "401 API_KEY_REVOKED");
  });
});
