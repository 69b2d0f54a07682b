/** Completion offers what the program has at that place, through the shell's own machinery. */
import assert from "node:assert/strict";
import { App } from "../../cli/app.ts";
import { completeWords } from "../../cli/completion/complete_words.ts";
import { SHELL_SCRIPTS, SHELLS } from "../../cli/completion/shell_scripts.ts";
import { buildProgram } from "../../cli/program.ts";
import { commandLine, Home, inherited } from "./infraudit_process.ts";
import { KEY, sampleDrift, sampleKey, sampleResource } from "./samples.ts";
import { json, serveScript } from "./scripted_server.ts";
import { sayTestsSkipped } from "./skipped.ts";

const complete = (...words: string[]) =>
  completeWords(buildProgram(new App(new AbortController().signal), { out: [], err: [] }), words);

Deno.test("commands, options and choices where each may come", () => {
  const rows: [words: string[], fitting: string[]][] = [
    [["comp"], ["completion"]],
    [["auth", "log"], ["login", "logout"]],
    [["resource", "l"], ["list"]],
    [["auth", "login", "--pass"], ["--password", "--password-stdin"]],
    [["auth", "login", "--no-c"], ["--no-color"]],
    [["-o", ""], ["table", "json", "yaml"]],
    [["resources", "list", "--output", "j"], ["json"]],
    [["--profile", "auth", "auth", "who"], ["whoami"]],
    [["completion", "z"], ["zsh"]],
    [["resources", "get", ""], []],
    [["nonsense", "x"], []],
    [["--output=j"], ["--output=json"]],
    [["drifts", "list", "--severity=h"], ["--severity=high"]],
    [["config", "set", "ou"], ["output"]],
    [["completion", '""'], ["bash", "zsh", "fish", "powershell"]],
  ];
  for (const [words, fitting] of rows) assert.deepEqual(complete(...words), fitting, words.join(" "));
  assert.ok(!complete("").includes("__complete"));
  assert.ok(complete("").includes("auth"));
});

Deno.test("bash completes with the printed script", async () => {
  await using home = new Home();
  const { stdout: script, code } = await home.run(["completion", "bash"]);
  assert.equal(code, 0);
  const quoted = commandLine([]).map((word) => `'${word}'`).join(" ");
  const output = await new Deno.Command("bash", {
    args: [
      "-c",
      `${script}
      infraudit() { ${quoted} "$@"; }
      COMP_WORDS=(infraudit auth log); COMP_CWORD=2; _infraudit; printf '%s\\n' "\${COMPREPLY[@]}"
      COMP_WORDS=(infraudit -o ''); COMP_CWORD=2; _infraudit; printf '%s\\n' "\${COMPREPLY[@]}"
      COMP_WORDS=(infraudit --output = j); COMP_CWORD=3; _infraudit; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    clearEnv: true,
    env: { ...inherited(), HOME: home.path },
  }).output();
  assert.equal(new TextDecoder().decode(output.stdout), "login\nlogout\ntable\njson\nyaml\njson\n");
});

Deno.test("the bash script keeps to what bash 3.2 has, which macOS comes with", () => {
  for (const newer of ["mapfile", "readarray", "declare -A", "local -n", "|&", "${words[-1]}", ",,}"]) {
    assert.ok(!SHELL_SCRIPTS.bash.includes(newer), newer);
  }
});

Deno.test("ids and names come from the server and the file, and silence where either fails", async () => {
  await using server = serveScript((request) => {
    const { pathname } = new URL(request.url);
    const meta = { total: 2, page: 1, per_page: 100, next_cursor: null };
    if (pathname === "/v1/drifts") return json({ data: [sampleDrift(7, {}), sampleDrift(12, {})], meta });
    if (pathname === "/v1/resources") {
      return json({ data: [sampleResource(1), { ...sampleResource(2), name: "with a space" }], meta });
    }
    return json([sampleKey(5)]);
  });
  await using home = new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url });
  await home.writeConfig("profiles: {staging: {}, prod: {}}\n");
  const rows: [words: string[], fitting: string][] = [
    [["drifts", "get", ""], "7\n12\n"],
    [["drifts", "get", "1"], "12\n"],
    [["resources", "get", "b"], "bucket-1\n"],
    [["check", "--resource", ""], "bucket-1\n1\n2\n"],
    [["api-keys", "revoke", ""], "5\n"],
    [["--profile", "s"], "staging\n"],
    [["profile", "use", ""], "default\nstaging\nprod\n"],
  ];
  for (const [words, expected] of rows) {
    const { code, stdout } = await home.run(["__complete", "--", ...words]);
    assert.deepEqual([code, stdout], [0, expected], words.join(" "));
  }
  const gone = await home.run(["__complete", "--", "drifts", "get", ""], {
    env: { INFRAUDIT_SERVER_URL: "http://127.0.0.1:1" },
  });
  assert.deepEqual([gone.code, gone.stdout], [0, ""]);
});

for (const shell of SHELLS) {
  const isThere = await canRun(shell);
  if (!isThere) {
    sayTestsSkipped(`the ${shell} completion script's syntax, because there is no ${shell} here`);
  }
  // PowerShell has no flag that only reads.
  Deno.test(
    { name: `${shell} can read its script`, ignore: !isThere || shell === "powershell" },
    async () => {
      const { code } = await new Deno.Command(shell, { args: ["-n", "-c", SHELL_SCRIPTS[shell]] }).output();
      assert.equal(code, 0);
    },
  );
}

async function canRun(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["-c", "true"] }).output()).success;
  } catch {
    return false;
  }
}
