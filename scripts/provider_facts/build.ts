/** Writes shared/drift/provider_facts.ts: which attributes providers compute, and which lists are sets. */
import { PACKAGES, resourceSources, unpack } from "./packages.ts";
import { type Attribute, attributesOf } from "./schema.ts";

const TARGET = new URL("../../shared/drift/provider_facts.ts", import.meta.url);
/** A name stands for itself where it is so in this share of the places that have it; the rest is listed. */
const COMMON_SHARE = 0.9;

if (import.meta.main) {
  const directory = Deno.args[0] ?? await Deno.makeTempDir({ prefix: "provider_facts_" });
  const attributes = await readAll(directory);
  await Deno.writeTextFile(TARGET, sourceOf(attributes));
}

/** All attributes of all packages, each type and path once. */
async function readAll(directory: string): Promise<Attribute[]> {
  const found = new Map<string, Attribute>();
  for (const name of PACKAGES) {
    const files = await unpack(name, directory);
    for await (const source of resourceSources(files)) {
      for (const attribute of attributesOf(source)) {
        const key = `${attribute.type} ${attribute.path}`;
        if (!found.has(key)) found.set(key, attribute);
      }
    }
  }
  return [...found.values()];
}

/** @param attributes each type and path once; @returns the generated module */
export function sourceOf(attributes: readonly Attribute[]): string {
  const computed = new Set(
    attributes.filter(({ isComputed }) => isComputed).map(({ type, path }) => `${type} ${path}`),
  );
  // What is within a computed block goes with it.
  const outer = attributes.filter(({ type, path }) =>
    !ancestorsOf(path).some((ancestor) => computed.has(`${type} ${ancestor}`))
  );
  const facts = {
    COMPUTED: factsOf(outer, ({ isComputed }) => isComputed),
    SETS: factsOf(outer, ({ isSet }) => isSet),
  };
  const constants = Object.entries(facts).map(([name, { names, exceptions }]) =>
    `export const ${name}_NAMES =\n  \`${names}\`;\nexport const ${name}_EXCEPTIONS =\n  \`${exceptions}\`;\n`
  );
  return [
    "/** Written by scripts/provider_facts/build.ts from the packages that it names: facts of provider schemas. */\n",
    "// Names: so wherever they stand. Exceptions by type: paths that are so, with `-` before them that aren't.\n",
    ...constants,
  ].join("");
}

function ancestorsOf(path: string): string[] {
  const names = path.split(".");
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join("."));
}

function factsOf(attributes: readonly Attribute[], isSo: (attribute: Attribute) => boolean) {
  const counts = new Map<string, { so: number; all: number }>();
  for (const attribute of attributes) {
    const name = nameOf(attribute);
    const count = counts.get(name) ?? { so: 0, all: 0 };
    counts.set(name, { so: count.so + (isSo(attribute) ? 1 : 0), all: count.all + 1 });
  }
  const names = new Set(
    [...counts].filter(([, { so, all }]) => so > 0 && so >= COMMON_SHARE * all).map(([name]) => name),
  );
  const exceptions = new Map<string, string[]>();
  for (const attribute of attributes) {
    const isCommon = names.has(nameOf(attribute));
    if (isSo(attribute) === isCommon) continue;
    const { type, path } = attribute;
    exceptions.set(type, [...exceptions.get(type) ?? [], isCommon ? `-${path}` : path]);
  }
  const lines = [...exceptions].map(([type, paths]) => `${type} ${paths.sort().join(" ")}`);
  return { names: [...names].sort().join(" "), exceptions: lines.sort().join(";") };
}

function nameOf({ path }: Attribute): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
