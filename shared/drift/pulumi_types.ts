/** Pulumi's type tokens in Terraform's names: bridged providers have the same resources under other names. */
import { snakeCase } from "./attribute_names.ts";
import facts from "./facts/pulumi_types.json" with { type: "json" };

/** Packages that bridge a Terraform provider of another name. */
const BRIDGED: Record<string, string> = { azure: "azurerm", gcp: "google" };

/**
 * `aws:rds/instance:Instance` → `aws`, `aws_db_instance`.
 * @returns the provider and the type; a resource that Terraform doesn't have comes out in the same form
 */
export function terraformNameOf(token: string): { provider: string; type: string } {
  const [pkg = "", path = "", name = ""] = token.split(":");
  const provider = BRIDGED[pkg] ?? pkg;
  if (pkg === "kubernetes") return { provider, type: `kubernetes_${snakeCase(name)}` };
  const key = `${provider}:${path.includes("/") ? path : `${path}/${name}`}`;
  const known = (facts as Record<string, string>)[key];
  return { provider, type: known === undefined ? plainTerraformName(key) : `${provider}_${known}` };
}

/** `aws:s3/bucketPolicy` → `aws_s3_bucket_policy`, `azurerm:network/subnet` → `azurerm_subnet`: right more often than not. */
export function plainTerraformName(key: string): string {
  const [provider = "", path = ""] = key.split(":");
  const [module = "", name = module] = path.split("/");
  const own = snakeCase(name);
  const prefix = snakeCase(module);
  const hasNoModule = prefix === "index" || provider === "azurerm" || own.startsWith(`${prefix}_`);
  return hasNoModule ? `${provider}_${own}` : `${provider}_${prefix}_${own}`;
}
