/** The project's pages as a reader has them: their headings, links and shell commands. */

export const ROOT = new URL("../../", import.meta.url);

export interface Page {
  /** From the repository's root, such as `docs/cli.md`. */
  path: string;
  text: string;
}

/** README, CONTRIBUTING, CHANGELOG and every page of docs/. */
export async function readPages(): Promise<Page[]> {
  const paths = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];
  for (const folder of ["docs/", "docs/decisions/"]) {
    for await (const { name } of Deno.readDir(new URL(folder, ROOT))) {
      if (name.endsWith(".md")) paths.push(folder + name);
    }
  }
  return await Promise.all(
    paths.sort().map(async (path) => ({ path, text: await Deno.readTextFile(new URL(path, ROOT)) })),
  );
}

/** The relative links of a page outside of its code: files, with anchors. */
export function linksOf({ text }: Page): string[] {
  const prose = text.replace(/^```[^]*?^```/gm, "").replace(/`[^`\n]*`/g, "``");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  const headings = text.replace(/^```[^]*?^```/gm, "").matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading.toLowerCase().replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[^\p{L}\p{N}\s_-]/gu, "").trim()
      .replace(/\s/g, "-")
  );
}

/** The commands of a page's `sh` blocks, each whole: lines that go on, pipes and here-documents included. */
export function commandsOf({ text }: Page): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash)\n([^]*?)^```/gm)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => {
    const commands: string[] = [];
    let open = "";
    for (const line of block.split("\n")) {
      open += open === "" ? line : `\n${line}`;
      if (isOpen(open)) continue;
      if (open.trim() !== "" && !/^\s*#/.test(open)) commands.push(open);
      open = "";
    }
    return commands;
  });
}

/** True where the shell would wait for another line. */
function isOpen(command: string): boolean {
  const [, end] = /<<'?(\w+)'?/.exec(command) ?? [];
  if (end) return !new RegExp(`^${end}$`, "m").test(command.replace(/<<.*/, ""));
  return /\\$/.test(command) || (command.match(/'/g) ?? []).length % 2 === 1 || /(?:\||&&)\s*$/.test(command);
}
