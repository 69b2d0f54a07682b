/** Guarantee: man pages, Debian package, Homebrew formula and npm manifest are whole, and name this version. */
import assert from "node:assert/strict";
import { buildDebianPackage } from "../../cli/release/debian_package.ts";
import { makeHomebrewFormula } from "../../cli/release/homebrew_formula.ts";
import { makeManPages } from "../../cli/release/man_pages.ts";
import { isNewer, startUpdateCheck } from "../../cli/update_notice.ts";
import { VERSION } from "../../cli/version.ts";
import { sayTestsSkipped } from "./skipped.ts";

const hasDpkg = await canRun("dpkg-deb", "--version");
if (!hasDpkg) sayTestsSkipped("the Debian package, because there is no dpkg-deb on this machine");
const hasGroff = await canRun("groff", "--version");
if (!hasGroff) sayTestsSkipped("how man pages are read, because there is no groff on this machine");

Deno.test("there is a man page for the program and each command, with every option of it", () => {
  const pages = makeManPages();
  const names = pages.map(({ file }) => file);
  for (const name of ["infraudit", "infraudit-check", "infraudit-drifts", "infraudit-api"]) {
    assert.ok(names.includes(`${name}.1`), name);
  }
  const root = pages[0]?.text ?? "";
  assert.match(root, new RegExp(`^\\.TH "INFRAUDIT" 1 "" "infraudit ${VERSION}"`));
  for (const part of ["ENVIRONMENT", "EXIT CODES", "INFRAUDIT_API_KEY", "\\-\\-timeout"]) {
    assert.ok(root.includes(part), part);
  }
  assert.ok(pages.find(({ file }) => file === "infraudit-check.1")?.text.includes("\\-\\-max\\-age"));
});

Deno.test({ name: "man's own reader finds no fault in any page", ignore: !hasGroff }, async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const { file, text } of makeManPages()) {
      await Deno.writeTextFile(`${folder}/${file}`, text);
      const { stderr } = await new Deno.Command("groff", {
        args: ["-man", "-Tutf8", "-ww", "-z", `${folder}/${file}`],
      }).output();
      assert.equal(new TextDecoder().decode(stderr), "", file);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "the Debian package holds command, manual and completions, owned by root",
  ignore: !hasDpkg,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/binary`, "#!/bin/sh\n");
    const license = new URL("../../LICENSE", import.meta.url).pathname;
    const path = await buildDebianPackage({
      binary: `${folder}/binary`,
      architecture: "amd64",
      folder,
      license,
    });
    assert.equal(path, `${folder}/infraudit_${VERSION}_amd64.deb`);
    const ask = async (flag: string) => {
      const { stdout } = await new Deno.Command("dpkg-deb", { args: [flag, path] }).output();
      return new TextDecoder().decode(stdout);
    };
    assert.match(
      await ask("--info"),
      new RegExp(`Package: infraudit\\n Version: ${VERSION}\\n Architecture: amd64`),
    );
    const contents = await ask("--contents");
    for (
      const line of [
        /-rwxr-xr-x root\/root .*\.\/usr\/bin\/infraudit$/m,
        /-rw-r--r-- root\/root .*\.\/usr\/share\/man\/man1\/infraudit\.1\.gz$/m,
        /bash-completion\/completions\/infraudit$/m,
        /doc\/infraudit\/copyright$/m,
      ]
    ) assert.match(contents, line);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the formula names the tag's files with their checksums", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const system of ["apple-darwin", "unknown-linux-gnu"]) {
      for (const processor of ["aarch64", "x86_64"]) {
        await Deno.writeTextFile(`${folder}/infraudit-${processor}-${system}`, "hello\n");
      }
    }
    const formula = await makeHomebrewFormula(folder, "acme/infraudit");
    const url =
      `https://github.com/acme/infraudit/releases/download/v${VERSION}/infraudit-aarch64-apple-darwin`;
    assert.ok(formula.includes(url));
    // printf 'hello\n' | sha256sum
    const hash = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
    assert.equal(formula.split(`sha256 "${hash}"`).length - 1, 4);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a newer release is told once a day, to a person, never in CI, and a checkout asks nobody", async () => {
  const home = await Deno.makeTempDir();
  let asked = 0;
  const answered = Promise.withResolvers<void>();
  const ask = () => {
    asked += 1;
    answered.resolve();
    return Promise.resolve(Response.json({ tag_name: "v99.0.0" }));
  };
  const facts = { version: "1.0.0", repository: "acme/infraudit", isTalkTty: true };
  const env = { HOME: home, XDG_CONFIG_HOME: home };
  try {
    for (
      const quiet of [
        { ...facts, env: { ...env, CI: "true" } },
        { ...facts, env, isTalkTty: false },
        { ...facts, env, repository: undefined },
      ]
    ) assert.equal(await startUpdateCheck(quiet, ask)(), undefined);
    assert.equal(asked, 0);
    const finish = startUpdateCheck({ ...facts, env }, ask);
    await answered.promise;
    let line: string | undefined;
    for (let turn = 0; turn < 200 && !line; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      line = await finish();
    }
    assert.match(line ?? "", /infraudit 99\.0\.0 is out \(you have 1\.0\.0\)/);
    await startUpdateCheck({ ...facts, env }, ask)();
    assert.equal(asked, 1);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
  assert.deepEqual([isNewer("1.0.1", "1.0.0"), isNewer("1.0.0", "1.0.0"), isNewer("1.9.0", "1.10.0")], [
    true,
    false,
    false,
  ]);
});

async function canRun(program: string, flag: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: [flag], stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}
