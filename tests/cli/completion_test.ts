/** Completion offers what the program has at that place, through the shell's own machinery. */
import assert from "node:assert/strict";
import { App } from "../../cli/app.ts";
import { completeWords } from "../../cli/completion/complete_words.ts";
import { SHELL_SCRIPTS, SHELLS } from "../../cli/completion/shell_scripts.ts";
import { buildProgram } from "../../cli/program.ts";
import { commandLine, Home, inherited } from "./infraudit_process.ts";
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
      COMP_WORDS=(infraudit -o ''); COMP_CWORD=2; _infraudit; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    clearEnv: true,
    env: { ...inherited(), HOME: home.path },
  }).output();
  assert.equal(new TextDecoder().decode(output.stdout), "login\nlogout\ntable\njson\nyaml\n");
});

for (const shell of SHELLS) {
  const isThere = await canRun(shell);
  if (!isThere) {
    sayTestsSkipped(`the ${shell} completion script's syntax, because there is no ${shell} here`);
  }
  Deno.test({ name: `${shell} can read its script`, ignore: !isThere }, async () => {
    const { code } = await new Deno.Command(shell, { args: ["-n", "-c", SHELL_SCRIPTS[shell]] }).output();
    assert.equal(code, 0);
  });
}

async function canRun(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["-c", "true"] }).output()).success;
  } catch {
    return false;
  }
}
