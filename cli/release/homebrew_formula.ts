/** The Homebrew formula of a release: which file each system gets, pinned by its checksum. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { VERSION } from "../version.ts";

/** Homebrew's names of systems and processors, and the release's file for each. */
const TARGETS = [
  ["macos", "arm", "infraudit-aarch64-apple-darwin"],
  ["macos", "intel", "infraudit-x86_64-apple-darwin"],
  ["linux", "arm", "infraudit-aarch64-unknown-linux-gnu"],
  ["linux", "intel", "infraudit-x86_64-unknown-linux-gnu"],
] as const;

/**
 * Writes the formula.
 * @param folder where the release's files are
 * @param repository `owner/name` of the releases
 * @see https://docs.brew.sh/Formula-Cookbook
 */
export async function makeHomebrewFormula(folder: string, repository: string): Promise<string> {
  const blocks: string[] = [];
  for (const system of ["macos", "linux"] as const) {
    blocks.push(`  on_${system} do`);
    for (const [, processor, file] of TARGETS.filter(([one]) => one === system)) {
      const hash = createHash("sha256").update(await readFile(join(folder, file))).digest("hex");
      blocks.push(
        `    on_${processor} do`,
        `      url "https://github.com/${repository}/releases/download/v${VERSION}/${file}"`,
        `      sha256 "${hash}"`,
        "    end",
      );
    }
    blocks.push("  end", "");
  }
  return `class Infraudit < Formula
  desc "InfraAudit from the command-line: configuration drift and a gate for pipelines"
  homepage "https://github.com/${repository}"
  version "${VERSION}"
  license "Apache-2.0"

${blocks.join("\n")}
  def install
    bin.install Dir["infraudit-*"].first => "infraudit"
    generate_completions_from_executable(bin/"infraudit", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/infraudit --version")
  end
end
`;
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  const repository = process.env.GITHUB_REPOSITORY;
  if (!folder || !repository) {
    process.stderr.write("usage: GITHUB_REPOSITORY=owner/name homebrew_formula.ts FOLDER\n");
    process.exit(2);
  }
  process.stdout.write(await makeHomebrewFormula(folder, repository));
  process.exit(0);
}
