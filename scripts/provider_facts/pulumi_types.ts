/** Writes shared/drift/facts/pulumi_types.json: Terraform's types for Pulumi's tokens, where no rule of spelling tells. */
import { plainTerraformName } from "../../shared/drift/pulumi_types.ts";
import { unpack } from "./packages.ts";
import { PROVIDERS, pulumiResources, terraformTypes, typeOf } from "./provider_types.ts";

const TARGET = new URL("../../shared/drift/facts/pulumi_types.json", import.meta.url);

if (import.meta.main) {
  const cache = Deno.args[0] ?? `${Deno.env.get("TMPDIR") ?? "/tmp"}/provider_facts`;
  const lines: string[] = [];
  for (const { prefix, pulumi, terraform } of PROVIDERS) {
    if (terraform === undefined) continue;
    const types = await terraformTypes(await unpack(terraform, cache));
    for (const resource of await pulumiResources(await unpack(pulumi, cache))) {
      const token = `${prefix}:${resource.module}`;
      const type = typeOf({ ...resource, secrets: [] }, types, prefix);
      if (type === undefined || type === plainTerraformName(token)) continue;
      lines.push(`${JSON.stringify(token)}:${JSON.stringify(type.slice(prefix.length + 1))}`);
    }
  }
  await Deno.writeTextFile(TARGET, `{\n${[...new Set(lines)].sort().join(",\n")}\n}\n`);
}
