/** Writes shared/drift/facts/secret_attributes.json: which attributes of which resource types hold secrets. */
import { unpack } from "./packages.ts";
import { ownName, PROVIDERS, pulumiResources, spelledAs, terraformTypes, typeOf } from "./provider_types.ts";

/** Marked for another reason than a secret: the provider's own labels, and what is public by its nature. */
const NOT_SECRET =
  /^(?:effective_labels|pulumi_labels|terraform_labels|tags_all|kms_key_id|kms_encryption_context|public_key\w*|certificate|\w*_certificates?|\w*_ca_certs?|certificate_\w+|cert_request_pem|cert_pem)$/;
const TARGET = new URL("../../shared/drift/facts/secret_attributes.json", import.meta.url);

if (import.meta.main) {
  const cache = Deno.args[0] ?? `${Deno.env.get("TMPDIR") ?? "/tmp"}/provider_facts`;
  const table: Record<string, string[]> = {};
  for (const { prefix, pulumi, terraform } of PROVIDERS) {
    const types = terraform === undefined ? undefined : await terraformTypes(await unpack(terraform, cache));
    for (const resource of await pulumiResources(await unpack(pulumi, cache))) {
      const secrets = resource.secrets.filter((name) => !NOT_SECRET.test(name) && !/_wo$/.test(name));
      if (secrets.length === 0) continue;
      const type = types === undefined
        ? ownName(prefix, resource.module)
        : typeOf({ ...resource, secrets }, types, prefix);
      if (type === undefined) continue;
      const spelled = secrets.map((name) => spelledAs(name, types?.get(type)));
      table[type] = [...new Set([...table[type] ?? [], ...spelled])].sort();
    }
  }
  await Deno.writeTextFile(TARGET, write(table));
}

/** One type a line: a changed fact is a changed line. */
function write(table: Record<string, string[]>): string {
  const lines = Object.keys(table).sort().map((type) =>
    `${JSON.stringify(type)}:${JSON.stringify(table[type])}`
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}
