/** The Debian package: one binary with its man pages and shell completions. */
import { execFile } from "node:child_process";
import { chmod, copyFile, cp, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { SHELL_SCRIPTS } from "../completion/shell_scripts.ts";
import { VERSION } from "../version.ts";
import { makeManPages } from "./man_pages.ts";

const run = promisify(execFile);

/** What a package is made of. */
export interface DebianParts {
  /** The compiled command. */
  binary: string;
  architecture: "amd64" | "arm64";
  /** The folder that the package is written to. */
  folder: string;
  license: string;
  /** The project's home, when it is known. */
  homepage?: string;
}

/**
 * Builds `infraudit_VERSION_ARCHITECTURE.deb`; needs `dpkg-deb` and `gzip`.
 * @returns the package's path
 * @see https://www.debian.org/doc/debian-policy/ch-controlfields.html
 */
export async function buildDebianPackage(parts: DebianParts): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "infraudit-deb-"));
  try {
    await mkdir(parts.folder, { recursive: true });
    await place(root, "usr/bin/infraudit", (path) => copyFile(parts.binary, path), 0o755);
    await place(root, "usr/share/doc/infraudit/copyright", (path) => cp(parts.license, path));
    for (const { file, text } of makeManPages()) {
      await place(root, `usr/share/man/man1/${file}`, (path) => writeFile(path, text));
      await run("gzip", ["-9n", join(root, "usr/share/man/man1", file)]);
    }
    const completions = {
      "usr/share/bash-completion/completions/infraudit": SHELL_SCRIPTS.bash,
      "usr/share/zsh/vendor-completions/_infraudit": SHELL_SCRIPTS.zsh,
      "usr/share/fish/vendor_completions.d/infraudit.fish": SHELL_SCRIPTS.fish,
    };
    for (const [path, text] of Object.entries(completions)) {
      await place(root, path, (target) => writeFile(target, text));
    }
    const size = Math.ceil((await stat(parts.binary)).size / 1024);
    await place(root, "DEBIAN/control", (path) => writeFile(path, controlOf(parts, size)));
    const target = join(parts.folder, `infraudit_${VERSION}_${parts.architecture}.deb`);
    await run("dpkg-deb", ["--root-owner-group", "-Zxz", "--build", root, target]);
    return target;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function place(
  root: string,
  path: string,
  write: (target: string) => Promise<void>,
  mode = 0o644,
): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await write(target);
  await chmod(target, mode);
}

function controlOf({ architecture, homepage }: DebianParts, sizeKib: number): string {
  return [
    "Package: infraudit",
    `Version: ${VERSION}`,
    `Architecture: ${architecture}`,
    "Maintainer: InfraAudit <support@infraaudit.dev>",
    `Installed-Size: ${sizeKib}`,
    "Depends: libc6",
    "Section: admin",
    "Priority: optional",
    ...homepage ? [`Homepage: ${homepage}`] : [],
    "Description: InfraAudit from the command line",
    " Configuration drift, resources, keys and people of an InfraAudit organization, and a gate for pipelines.",
    "",
  ].join("\n");
}

if (import.meta.main) {
  const [binary, architecture, folder, license] = process.argv.slice(2);
  if (!binary || !folder || !license || (architecture !== "amd64" && architecture !== "arm64")) {
    process.stderr.write("usage: debian_package.ts BINARY amd64|arm64 FOLDER LICENSE\n");
    process.exit(2);
  }
  const repository = process.env.GITHUB_REPOSITORY;
  const homepage = repository ? `https://github.com/${repository}` : undefined;
  process.stdout.write(`${await buildDebianPackage({ binary, architecture, folder, license, homepage })}\n`);
  process.exit(0);
}
