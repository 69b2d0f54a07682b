/** Guarantee: `deno install -g` as docs/cli.md writes it makes a command that works from any folder. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Installs into a folder of its own, with these flags, and asks the command for its version. */
async function installed(flags: string[]) {
  const folder = await Deno.makeTempDir();
  try {
    const install = await new Deno.Command(Deno.execPath(), {
      args: ["install", "-g", "-A", "--root", folder, "-n", "infraudit", ...flags, "cli/main.ts"],
      cwd: ROOT,
    }).output();
    assert.equal(install.code, 0, new TextDecoder().decode(install.stderr));
    const { code, stdout, stderr } = await new Deno.Command(`${folder}/bin/infraudit`, {
      args: ["version"],
      cwd: folder,
      env: { NO_COLOR: "1", PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}` },
    }).output();
    return { code, out: new TextDecoder().decode(stdout), talk: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("with the repository's configuration it works", async () => {
  const documented = await Deno.readTextFile(`${ROOT}docs/cli.md`);
  assert.ok(documented.includes("deno install -g -A -n infraudit --config deno.json cli/main.ts"));
  const { code, out, talk } = await installed(["--config", "deno.json"]);
  assert.equal(code, 0, talk);
  assert.match(out, /^version\s+\d+\.\d+\.\d+$/m);
});

Deno.test("without it, it says what is missing", async () => {
  const { code, talk } = await installed(["--no-config"]);
  assert.equal(code, 3);
  assert.match(talk, /can't be loaded: .*\n[^]*--config/);
});
