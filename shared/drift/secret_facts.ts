/** Which attributes of which resource types hold secrets: the providers' own facts, and what they leave out. */
import facts from "./facts/secret_attributes.json" with { type: "json" };

/** What the providers' packages don't name: set by a kind of object, or by a marked block of another name. */
const ALSO_SECRET: Record<string, readonly string[]> = {
  aws_iam_access_key: ["secret", "encrypted_secret", "ses_smtp_password_v4"],
  aws_secretsmanager_secret_version: ["secret_string", "secret_binary"],
  azurerm_app_configuration_key: ["value"],
  github_codespaces_secret: ["plaintext_value", "encrypted_value"],
  google_service_account_key: ["private_key"],
  helm_release: ["set_sensitive", "repository_password"],
  kubernetes_secret: ["data", "binary_data"],
  kubernetes_secret_v1: ["data", "binary_data"],
  kubernetes_secret_v1_data: ["data"],
  kubernetes_token_request: ["token"],
  kubernetes_token_request_v1: ["token"],
};

const BY_TYPE = new Map<string, ReadonlySet<string>>();
for (const table of [facts as Record<string, string[]>, ALSO_SECRET]) {
  for (const [type, names] of Object.entries(table)) {
    BY_TYPE.set(type, new Set([...BY_TYPE.get(type) ?? [], ...names]));
  }
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The attributes of a resource type whose whole value is a secret.
 * @param type Terraform resource type
 * @returns names at the top of its configuration; empty for an unknown type
 */
export function secretAttributes(type: string): ReadonlySet<string> {
  return BY_TYPE.get(type) ?? NONE;
}

/** Members of a Kubernetes object of kind Secret, in both spellings. */
export const KUBERNETES_SECRET_MEMBERS: ReadonlySet<string> = new Set([
  "data",
  "stringData",
  "string_data",
  "binaryData",
  "binary_data",
]);
