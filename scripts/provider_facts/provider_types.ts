/** Which Terraform resource type a resource of a Pulumi package is, told by the attributes that both have. */
/**
 * Pulumi's packages name the secret outputs of every resource, CDKTF's name every Terraform type with its attributes.
 * A provider without the second has one module, where the file's name is the type's.
 */
export const PROVIDERS: readonly { prefix: string; pulumi: string; terraform?: string }[] = [
  { prefix: "aws", pulumi: "@pulumi/aws@7.48.0", terraform: "@cdktf/provider-aws@21.22.1" },
  { prefix: "azurerm", pulumi: "@pulumi/azure@6.40.0", terraform: "@cdktf/provider-azurerm@14.23.1" },
  { prefix: "azuread", pulumi: "@pulumi/azuread@6.9.1", terraform: "@cdktf/provider-azuread@14.3.1" },
  { prefix: "google", pulumi: "@pulumi/gcp@9.37.0", terraform: "@cdktf/provider-google-beta@16.12.1" },
  { prefix: "github", pulumi: "@pulumi/github@6.15.0", terraform: "@cdktf/provider-github@15.3.1" },
  {
    prefix: "cloudflare",
    pulumi: "@pulumi/cloudflare@6.22.1",
    terraform: "@cdktf/provider-cloudflare@13.9.1",
  },
  { prefix: "vault", pulumi: "@pulumi/vault@7.8.0", terraform: "@cdktf/provider-vault@15.6.1" },
  { prefix: "random", pulumi: "@pulumi/random@4.21.2" },
  { prefix: "tls", pulumi: "@pulumi/tls@5.6.1" },
  { prefix: "digitalocean", pulumi: "@pulumi/digitalocean@4.80.1" },
  { prefix: "datadog", pulumi: "@pulumi/datadog@5.11.0" },
  { prefix: "okta", pulumi: "@pulumi/okta@7.0.0" },
  { prefix: "mongodbatlas", pulumi: "@pulumi/mongodbatlas@4.16.0" },
  { prefix: "snowflake", pulumi: "@pulumi/snowflake@1.3.0" },
  { prefix: "databricks", pulumi: "@pulumi/databricks@1.110.0" },
];
/** How alike two sets of attributes must be to belong to one resource type. */
const LEAST_LIKENESS = 0.5;
export interface PulumiResource {
  /** Such as `rds/instance`. */
  module: string;
  attributes: Set<string>;
  /** Outputs that the package marks, in snake case. */
  secrets: string[];
}

/** Every resource of a Pulumi package. */
export async function pulumiResources(folder: string): Promise<PulumiResource[]> {
  const found: PulumiResource[] = [];
  for (const file of await filesBelow(folder, ".js")) {
    const text = await Deno.readTextFile(file);
    const token = /__pulumiType = '[^:']+:([^:']+):/.exec(text)?.[1];
    if (token === undefined) continue;
    const named = /additionalSecretOutputs: \[([^\]]*)\]/.exec(text)?.[1] ?? "";
    const names = [...text.matchAll(/resourceInputs\["(\w+)"\]/g)].map(([, name]) => snakeCase(name!));
    const secrets = [...named.matchAll(/"(\w+)"/g)].map(([, name]) => snakeCase(name!));
    found.push({ module: token, attributes: new Set(names), secrets });
  }
  return found;
}

/** The resource types of a CDKTF package with the names of their attributes and blocks. */
export async function terraformTypes(folder: string): Promise<Map<string, Set<string>>> {
  const types = new Map<string, Set<string>>();
  for (const file of await filesBelow(`${folder}/lib`, "index.js")) {
    const text = await Deno.readTextFile(file);
    const type = /\.tfResourceType = "(\w+)"/.exec(text)?.[1];
    const start = text.indexOf("extends cdktf.TerraformResource");
    if (type === undefined || start === -1) continue;
    const own = text.slice(start, text.indexOf("//# sourceMappingURL"));
    const names = own.matchAll(/(?:Attribute\(|\(this, )["'](\w+)["']/g);
    types.set(type.replace(/^google_beta_/, "google_"), new Set([...names].map(([, name]) => name!)));
  }
  return types;
}

/** The Terraform type whose attributes are most like the resource's; of equals the one named most like it. */
export function typeOf(
  { module, attributes, secrets }: PulumiResource,
  types: Map<string, Set<string>>,
  prefix: string,
): string | undefined {
  const words = new Set(snakeCase(module).split(/[/_]/));
  let best: { type: string; likeness: number } | undefined;
  for (const [type, names] of types) {
    if (secrets.length > 0 && !secrets.some((name) => names.has(spelledAs(name, names)))) continue;
    const parts = type.slice(prefix.length + 1).split("_");
    const alike = parts.filter((part) => words.has(part)).length / parts.length;
    const shared = [...attributes].filter((name) => names.has(spelledAs(name, names))).length;
    const likeness = shared / (attributes.size + names.size - shared) + alike / 2;
    if (best === undefined || likeness > best.likeness) best = { type, likeness };
  }
  return best !== undefined && best.likeness >= LEAST_LIKENESS ? best.type : undefined;
}

/** `random`, `index/random_password` → `random_password`. */
export function ownName(prefix: string, module: string): string {
  return `${prefix}_${snakeCase(module.split("/").at(-1)!).replace(new RegExp(`^${prefix}_`), "")}`;
}

/** Pulumi names a list in the plural where Terraform names its block in the singular. */
export function spelledAs(name: string, attributes: ReadonlySet<string> | undefined): string {
  if (attributes === undefined || attributes.has(name)) return name;
  const singular = name.replace(/ies$/, "y").replace(/s$/, "");
  return attributes.has(singular) ? singular : name;
}

export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

/** Every file below a folder whose name ends so, in the order of their paths. */
async function filesBelow(folder: string, ending: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) found.push(...await filesBelow(path, ending));
    else if (entry.name.endsWith(ending)) found.push(path);
  }
  return found.sort();
}
