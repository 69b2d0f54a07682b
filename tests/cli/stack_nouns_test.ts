/** Against the local stack: trust policies, drifts that come back, checks and raw requests do what they say. */
import assert from "node:assert/strict";
import { withStack } from "./stack_homes.ts";

Deno.test("nouns and requests against the local stack", (t) =>
  withStack(async ({ signIn }) => {
    const owner = await signIn("owner@example.com");
    const jsonOf = async (...args: string[]) => {
      const { code, stdout, stderr } = await owner.run([...args, "-o", "json"]);
      assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
      return JSON.parse(stdout);
    };

    await t.step(
      "a trust policy is made, listed and deleted; without its conditions it is refused here",
      async () => {
        const create = [
          "trust-policies",
          "create",
          "--name",
          "main",
          "--provider",
          "github",
          "--scope",
          "drifts:read",
        ];
        const none = await owner.run(create);
        assert.equal(none.code, 2);
        assert.equal((await owner.run([...create, "--when", "repository"])).code, 2);
        const made = await jsonOf(
          ...create,
          "--when",
          "repository=acme/infra",
          "--when",
          "ref=refs/heads/main",
        );
        assert.deepEqual(made.conditions, { repository: "acme/infra", ref: "refs/heads/main" });
        assert.deepEqual((await jsonOf("trust-policies", "list")).map((row: { id: number }) => row.id), [
          made.id,
        ]);
        assert.equal((await owner.run(["trust-policies", "delete", String(made.id)])).code, 2, "needs --yes");
        assert.deepEqual(await jsonOf("trust-policy", "delete", String(made.id), "--yes"), {
          id: made.id,
          deleted: true,
        });
        assert.deepEqual(await jsonOf("trust-policies", "list"), []);
      },
    );

    await t.step("drifts are filtered by several values, moved along with a note, and reopened", async () => {
      const open = await jsonOf(
        "drifts",
        "list",
        "--status",
        "detected,investigating",
        "--sort",
        "-severity",
      );
      assert.ok(open.data.length > 0);
      const id = String(open.data[0].id);
      const resolved = await jsonOf("drifts", "resolve", id, "--note", "known");
      assert.equal(resolved.status, "resolved");
      assert.equal((await jsonOf("drifts", "reopen", id)).status, "detected");
      const twice = await owner.run(["drifts", "reopen", id]);
      assert.equal(twice.code, 1, twice.stderr);
    });

    await t.step("check counts what the API counts; api gives the same", async () => {
      const summary = await jsonOf("api", "/v1/resources/summary");
      const low = await owner.run(["check", "--fail-on", "critical,high,medium,low", "--format", "json"]);
      const report = JSON.parse(low.stdout);
      assert.deepEqual([low.code, report.resources, report.passed], [1, summary.total, false]);
      const all = await jsonOf("api", "drifts", "-f", "status=detected,investigating", "--paginate");
      const ids = (rows: { id: number }[]) => rows.map(({ id }) => id).sort((a, b) => a - b);
      assert.deepEqual(ids(report.findings), ids(all.data));
      const gone = await owner.run(["check", "--resource", "no-such-resource"]);
      assert.equal(gone.code, 3, gone.stderr);
    });
  }));
