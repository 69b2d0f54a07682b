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

    await t.step(
      "a drift is ignored by a rule, counts again where the rule changes, and once it is gone",
      async () => {
        const open = async () =>
          (await jsonOf("drifts", "list", "--status", "detected")).data.map(({ id }: { id: number }) => id);
        const before = await open();
        const drift = await jsonOf("drifts", "get", String(before[0]));
        const create = ["ignores", "create", "--reason", "known"];
        const [none, rule] = await Promise.all([
          owner.run(create),
          jsonOf(...create, "--type", drift.resource_type, "--field", "*", "--until", "30d"),
        ]);
        assert.equal(none.code, 2, "a rule for everything is refused here");
        const days = (Date.parse(rule.until) - Date.now()) / 86_400_000;
        assert.ok(days > 29 && days < 30.1, rule.until);
        const id = String(rule.id);
        assert.ok(!(await open()).includes(drift.id));
        const changed = await jsonOf("ignore", "update", id, "--no-until", "--field", "nothing");
        assert.deepEqual([changed.until, changed.field, changed.reason, changed.resource_type], [
          null,
          "nothing",
          "known",
          drift.resource_type,
        ]);
        const [after, got, unchanged, unconfirmed] = await Promise.all([
          open(),
          jsonOf("ignores", "get", id),
          owner.run(["ignores", "update", id]),
          owner.run(["ignores", "delete", id]),
        ]);
        assert.deepEqual([after, got], [before, changed]);
        assert.deepEqual([unchanged.code, unconfirmed.code], [2, 2], "nothing to change; needs --yes");
        assert.deepEqual(await jsonOf("ignores", "delete", id, "--yes"), { id: rule.id, deleted: true });
        assert.deepEqual((await jsonOf("ignores", "list")).data, []);
      },
    );

    await t.step(
      "a webhook is made with a secret, changed, tried and deleted; a job that is none is told",
      async () => {
        const url = "https://hooks.example.com/infraaudit";
        const made = await jsonOf(
          "webhooks",
          "create",
          "--name",
          "ops",
          "--url",
          url,
          "--event",
          "drift.detected",
        );
        assert.match(made.secret, /^whsec_/);
        const id = String(made.id);
        const changed = await jsonOf("webhook", "update", id, "--disable", "--name", "on-call");
        assert.deepEqual([changed.enabled, changed.name, changed.events], [false, "on-call", [
          "drift.detected",
        ]]);
        const [list, rotated, sent, job] = await Promise.all([
          jsonOf("webhooks", "list"),
          owner.run(["webhooks", "rotate", id, "-q"]),
          jsonOf("webhooks", "deliveries", id),
          owner.run(["jobs", "get", "7b2f9e3a-6f0c-4a52-9f5d-0e7a3d1c2b4f"]),
        ]);
        assert.equal((Array.isArray(list) ? list : list.data).length, 1);
        assert.match(rotated.stdout, /^whsec_\S+\n$/);
        assert.notEqual(rotated.stdout.trim(), made.secret);
        assert.deepEqual([sent.data, job.code], [[], 1]);
        assert.deepEqual(await jsonOf("webhooks", "delete", id, "--yes"), { id: made.id, deleted: true });
      },
    );

    await t.step("risks of all hold those of one, by severity", async () => {
      const all = await jsonOf("risks", "list", "--severity", "critical,high");
      assert.ok(all.data.length > 0);
      const [first] = all.data;
      const one = await jsonOf(
        "risk",
        "list",
        "--resource",
        first.resource_name,
        "--severity",
        "critical,high",
      );
      assert.deepEqual(one, { resource_id: first.resource_id, risks: first.risks });
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
