/** Reads the sources of npm packages that were generated from Terraform providers' schemas. */

/** The packages, each at the version that the committed facts were read from. */
export const PACKAGES: readonly string[] = [
  "@cdktf/provider-aws@21.22.1",
  "@cdktf/provider-azurerm@14.23.1",
  "@cdktf/provider-google@16.12.1",
  "@cdktf/provider-google-beta@16.12.1",
  "@cdktf/provider-kubernetes@12.1.1",
  "@cdktf/provider-helm@12.1.2",
  "@cdktf/provider-github@15.3.1",
  "@cdktf/provider-cloudflare@13.9.1",
];

/**
 * Fetches a package through npm and unpacks it.
 * @param directory where to, made if need be; what is there already is not fetched again
 * @returns the directory of the package's files
 * @throws Error when npm or tar fails
 */
export async function unpack(name: string, directory: string): Promise<string> {
  const target = `${directory}/${name.replace(/^@/, "").replaceAll(/[/@]/g, "-")}`;
  try {
    await Deno.stat(`${target}/package/package.json`);
    return `${target}/package`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.mkdir(target, { recursive: true });
  const archive = (await run("npm", ["pack", "--silent", name], target)).trim();
  await run("tar", ["-xzf", archive], target);
  await Deno.remove(`${target}/${archive}`);
  return `${target}/package`;
}

/** The TypeScript sources of one resource: its own file and those of large nested structures. */
export async function* resourceSources(packageDirectory: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${packageDirectory}/lib`)) {
    if (!isDirectory || name === "provider" || /(^|-)data-/.test(name)) continue;
    const sources: string[] = [];
    for (const folder of ["", "/index-structs"]) {
      const directory = `${packageDirectory}/lib/${name}${folder}`;
      for (const file of await javaScriptIn(directory)) {
        sources.push(await typeScriptOf(`${directory}/${file}`));
      }
    }
    yield sources.join("\n");
  }
}

async function javaScriptIn(directory: string): Promise<string[]> {
  try {
    const names = await Array.fromAsync(Deno.readDir(directory), (entry) => entry.name);
    return names.filter((name) => name.endsWith(".js")).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The source that a file was compiled from: comments that name an attribute's kind stand only there. */
async function typeScriptOf(file: string): Promise<string> {
  const text = await Deno.readTextFile(file);
  const map = /sourceMappingURL=data:application\/json;base64,([\w+/=]+)/.exec(text)?.[1];
  if (map === undefined) return "";
  const bytes = Uint8Array.from(atob(map), (character) => character.charCodeAt(0));
  const { sourcesContent } = JSON.parse(new TextDecoder().decode(bytes)) as { sourcesContent?: string[] };
  return (sourcesContent ?? []).join("\n");
}

async function run(command: string, args: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
