/** Against the local stack: importing finds drift, the gate fails on it, and resolving opens the gate again. */
import assert from "node:assert/strict";
import { withStack } from "./stack_homes.ts";

/** The seed's bucket with its guard taken away. */
const bucket = (guarded: boolean) =>
  JSON.stringify([{
    external_id: "arn:aws:s3:::pipeline-logs",
    name: "pipeline-logs",
    resource_type: "aws_s3_bucket",
    provider: "aws",
    configuration: { bucket: "pipeline-logs", block_public_acls: guarded },
  }]);

Deno.test("drift from the command line, against the local stack", (t) =>
  withStack(async ({ newHome, signIn }) => {
    const home = await signIn("user@example.com");
    const ref = "arn:aws:s3:::pipeline-logs";

    await t.step(
      "an import is counted, and the resource is found by its external id and its name",
      async () => {
        const first = await home.run(["resources", "import", "-", "-o", "json"], { stdin: bucket(true) });
        assert.equal(first.code, 0, first.stderr);
        const { changes, ...counts } = JSON.parse(first.stdout);
        const told = changes.map(({ name, change }: { name: string; change: string }) => [name, change]);
        assert.deepEqual(told, [["pipeline-logs", "created"]]);
        assert.deepEqual(counts, {
          created: 1,
          updated: 0,
          unchanged: 0,
          drifted: 0,
          ignored: 0,
          deleted: 0,
          risks: 0,
        });
        const byId = JSON.parse((await home.run(["resource", "get", ref, "-o", "json"])).stdout);
        const byName = JSON.parse(
          (await home.run(["resource", "get", "pipeline-logs", "-o", "json"])).stdout,
        );
        assert.deepEqual(byName, byId);
        const none = await home.run(["resource", "get", "pipeline"]);
        assert.equal(none.code, 1);
        assert.match(none.stderr, /No resource has the id or name "pipeline"/);
      },
    );

    await t.step("check passes, then fails on the imported drift, and lists it", async () => {
      const before = await home.run(["check", "--resource", ref]);
      assert.deepEqual([before.code, before.stdout], [0, ""], before.stderr);
      const dry = await home.run(["resources", "import", "-", "--dry-run"], { stdin: bucket(false) });
      assert.match(dry.stderr, /A dry run: nothing was written/);
      assert.match(dry.stdout, /^drifted\t1$[^]*^drifted\thigh\taws_s3_bucket\tpipeline-logs\tblock_public/m);
      const second = await home.run(["resources", "import", "-", "-q"], { stdin: bucket(false) });
      assert.equal(second.stdout, "1\n", second.stderr);
      const after = await home.run(["check", "--resource", ref, "--detect", "-o", "json"]);
      assert.equal(after.code, 1, after.stderr);
      const { findings } = JSON.parse(after.stdout);
      assert.deepEqual(findings.map((row: { severity: string }) => row.severity), ["high"]);
      const detail = await home.run(["drift", "get", String(findings[0].id)]);
      assert.match(detail.stdout, /^field\tblock_public_acls$/m);
      assert.match(detail.stdout, /true → false/);
    });

    await t.step("lists filter, the summary counts what the list holds", async () => {
      const high = await home.run(["drifts", "list", "--severity", "high", "-q"]);
      const summary = JSON.parse((await home.run(["drifts", "summary", "-o", "json"])).stdout);
      assert.equal(high.stdout.trim().split("\n").length, summary.by_severity.high);
      assert.equal((await home.run(["drifts", "detect", "-o", "json"])).code, 0);
    });

    await t.step("a viewer may look and not resolve; resolving passes the gate", async () => {
      const [id] = (await home.run(["drifts", "list", "--resource", ref, "-q"])).stdout.trim().split("\n");
      const viewer = await signIn("viewer@example.com");
      const refused = await viewer.run(["drifts", "resolve", id ?? ""]);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /missing permission: drifts:write/);
      assert.equal((await viewer.run(["check", "--resource", ref])).code, 1);
      assert.equal((await home.run(["drifts", "investigate", id ?? ""])).code, 0);
      assert.equal((await home.run(["check", "--resource", ref])).code, 1, "looked into is still open");
      const resolved = await home.run(["drifts", "resolve", id ?? "", "--capture-baseline"]);
      assert.equal(resolved.code, 0, resolved.stderr);
      assert.equal((await home.run(["check", "--resource", ref])).code, 0);
      assert.equal((await home.run(["drifts", "resolve", id ?? ""])).code, 1, "it is resolved already");
    });

    await t.step("baselines: the accepted state came on top, and comparing names the field", async () => {
      const list = JSON.parse(
        (await home.run(["baselines", "list", "--resource", ref, "-o", "json"])).stdout,
      );
      assert.deepEqual(list.data.map((row: { is_current: boolean }) => row.is_current), [true, false]);
      const [newest, oldest] = list.data.map((row: { id: number }) => String(row.id));
      const compared = await home.run(["baselines", "compare", oldest, newest, "-q"]);
      assert.equal(compared.stdout, "block_public_acls\n", compared.stderr);
      assert.equal((await home.run(["baseline", "create", "pipeline-logs", "-q"])).code, 0);
    });

    await t.step(
      "another organization sees nothing of it, and its gate does not pass on this resource",
      async () => {
        const stranger = await signIn("stranger@example.com");
        const { code, stdout } = await stranger.run(["check", "--resource", ref]);
        assert.deepEqual([code, stdout], [3, ""]);
      },
    );

    await t.step("watch sees what another process imports", async () => {
      const watcher = await signIn("user@example.com");
      const child = watcher.spawn(["drifts", "watch", "--events", "1", "-o", "json"]);
      const talk = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
      while (!(await talk.read()).value?.includes("connected")) { /* the stream is not open yet */ }
      const scopes = "resources:read,resources:write,drifts:read,drifts:write";
      const key = (await home.run(["api-keys", "create", "--name", "ci", "--scope", scopes, "-q"])).stdout;
      const ci = newHome({ INFRAUDIT_API_KEY: key.trim() });
      const imported = await ci.run(["resources", "import", "-", "-q"], { stdin: bucket(true) });
      assert.equal(imported.code, 0, imported.stderr);
      const event = JSON.parse(await new Response(child.stdout).text());
      assert.equal((await child.status).code, 0);
      await talk.cancel();
      assert.equal(event.type, "drift_detected");
      assert.equal(event.data.resource_name, "pipeline-logs");
      assert.match(event.id, /^\d+$/);
      const checked = await ci.run(["check", "--resource", ref, "--detect"]);
      assert.equal(checked.code, 0, `the documented scopes are enough: ${checked.stderr}`);
    });
  }));
