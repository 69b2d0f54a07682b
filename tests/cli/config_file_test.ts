/** The configuration file is private, whole at every moment, and says clearly why when it can't be used. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { changeConfig, loadConfig } from "../../cli/config/config_file.ts";
import { Home, namesIn } from "./infraudit_process.ts";

const mode = async (path: string) => ((await Deno.stat(path)).mode ?? 0) & 0o777;

Deno.test("the file is made 0600 in a folder made 0700, and a folder too open is closed", async () => {
  await using home = new Home();
  assert.equal((await home.run(["config", "set", "output", "json"])).code, 0);
  assert.equal(await mode(home.configPath), 0o600);
  assert.equal(await mode(`${home.path}/.infraudit`), 0o700);
  await Deno.chmod(`${home.path}/.infraudit`, 0o755);
  await Deno.chmod(home.configPath, 0o644);
  assert.equal((await home.run(["config", "set", "output", "json"])).code, 0);
  assert.equal(await mode(home.configPath), 0o600);
  assert.equal(await mode(`${home.path}/.infraudit`), 0o700);
});

Deno.test("a change keeps comments, unknown keys and other profiles, and leaves nothing beside the file", async () => {
  await using home = new Home();
  await home.writeConfig(
    "# mine\nfuture: [1, 2]\noutput: table # as I like it\nprofiles:\n  staging:\n    output: json\n",
  );
  assert.equal((await home.run(["--profile", "staging", "config", "set", "output", "yaml"])).code, 0);
  const text = await Deno.readTextFile(home.configPath);
  assert.match(text, /^# mine\n/);
  assert.match(text, /output: table # as I like it/);
  assert.deepEqual(parse(text), {
    future: [1, 2],
    output: "table",
    profiles: { staging: { output: "yaml" } },
  });
  assert.deepEqual(await namesIn(`${home.path}/.infraudit`), ["config.yaml"]);
});

Deno.test("--config is read and written, and the default file is not touched", async () => {
  await using home = new Home();
  const path = `${home.path}/other/my.yaml`;
  assert.equal(
    (await home.run(["--config", path, "config", "set", "server-url", "https://a.example.com/"])).code,
    0,
  );
  assert.equal(
    (await home.run(["config", "get", "server_url", "--config", path])).stdout,
    "https://a.example.com\n",
  );
  assert.equal((await home.run(["config", "get", "server_url"])).stdout, "https://api.infraaudit.dev\n");
  assert.equal(await mode(path), 0o600);
  await assert.rejects(Deno.stat(home.configPath), Deno.errors.NotFound);
});

Deno.test("a symbolic link stays one: what it points to is replaced", async () => {
  await using home = new Home();
  const target = `${home.path}/dotfiles.yaml`;
  await Deno.writeTextFile(target, "output: table\n");
  await Deno.mkdir(`${home.path}/.infraudit`, { mode: 0o700 });
  await Deno.symlink(target, home.configPath);
  assert.equal((await home.run(["config", "set", "output", "json"])).code, 0);
  assert.equal((await Deno.lstat(home.configPath)).isSymlink, true);
  assert.equal(await Deno.readTextFile(target), "output: json\n");
});

Deno.test("precedence: flag, environment, file, default", async () => {
  await using home = new Home();
  const get = async (args: string[], env: Record<string, string> = {}) =>
    (await home.run(["config", "get", "server_url", ...args], { env })).stdout.trim();
  const env = { INFRAUDIT_SERVER_URL: "https://env.example.com" };
  assert.equal(await get([]), "https://api.infraaudit.dev");
  await home.writeConfig("server_url: https://file.example.com\n");
  assert.equal(await get([]), "https://file.example.com");
  assert.equal(await get([], env), "https://env.example.com");
  assert.equal(await get(["--server", "https://flag.example.com"], env), "https://flag.example.com");
  assert.equal(await get([], { INFRAUDIT_SERVER_URL: "" }), "https://file.example.com");
});

Deno.test("a file that can't be used ends in exit code 2, names the fault and is not overwritten", async () => {
  const rows: [name: string, text: string, says: RegExp][] = [
    ["not YAML", "output: [table\n", /config\.yaml can't be used: line 2 is not YAML/],
    ["wrong value", "output: xml\n", /can't be used: output: must be one of table, json, yaml/],
    ["wrong shape", "- a\n- b\n", /can't be used: /],
    [
      "a URL with a password",
      "server_url: https://u:p@example.com\n",
      /server_url: must be an http or https URL/,
    ],
  ];
  for (const [name, text, says] of rows) {
    await using home = new Home();
    await home.writeConfig(text);
    for (const args of [["auth", "status"], ["config", "set", "output", "json"]]) {
      const { code, stdout, stderr } = await home.run(args);
      assert.equal(code, 2, name);
      assert.equal(stdout, "", name);
      assert.match(stderr, says, name);
      assert.match(stderr, /next: /, name);
      assert.equal(await Deno.readTextFile(home.configPath), text, name);
    }
  }
});

Deno.test("a corrupt file's content, which may be a token, is not quoted", async () => {
  await using home = new Home();
  await home.writeConfig('auth:\n  token: "s3cret-token-value\n  email: [\n');
  const { code, stderr } = await home.run(["auth", "status", "--debug"]);
  assert.equal(code, 2);
  assert.doesNotMatch(stderr, /s3cret/);
});

Deno.test("a home that can't be written to, and a full disk, end in exit code 2 and a reason", async () => {
  await using home = new Home();
  await Deno.writeTextFile(`${home.path}/.infraudit`, "a file where the folder should be");
  const { code, stderr } = await home.run(["config", "set", "output", "json"]);
  assert.equal(code, 2);
  assert.match(stderr, /can't be (read|written): a file is where its folder should be/);

  await using full = new Home();
  await full.writeConfig("output: table # before\n");
  const result = await full.runOnFullDisk(["config", "set", "output", "json"]);
  assert.equal(result.code, 2, result.stderr);
  assert.match(result.stderr, /can't be written: the file would be larger than allowed/);
  assert.equal(await Deno.readTextFile(full.configPath), "output: table # before\n");
  assert.deepEqual(await namesIn(`${full.path}/.infraudit`), ["config.yaml"]);
});

Deno.test("an exposed file that holds a credential is warned of", async () => {
  await using home = new Home();
  await home.writeConfig("auth:\n  token: x.y.z\n");
  await Deno.chmod(home.configPath, 0o644);
  const { stderr } = await home.run(["auth", "status", "--offline"]);
  assert.match(stderr, /warning: .*config\.yaml holds a credential and can be read by others: chmod 600/);
});

Deno.test("changes by many at once are all kept", async () => {
  await using home = new Home();
  await home.writeConfig("");
  const names = Array.from({ length: 12 }, (_, at) => `p${at}`);
  await Promise.all(
    names.map((name) =>
      changeConfig(home.configPath, ({ document }) => document.setIn(["profiles", name, "output"], "json"))
    ),
  );
  const { content } = await loadConfig(home.configPath);
  assert.deepEqual(Object.keys(content.profiles ?? {}).sort(), names.toSorted());
});
