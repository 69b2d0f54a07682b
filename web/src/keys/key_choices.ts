/** What the form of a new key offers: presets of permissions and lives. */
import { LIMITS } from "../../../shared/contracts/limits.ts";
import type { Permission, Role } from "../../../shared/contracts/permissions.ts";

export const PRESETS = [
  { id: "read", name: "Read only", hint: "See resources and drifts" },
  { id: "ci", name: "CI pipeline", hint: "Import state, find and resolve drifts" },
  { id: "all", name: "Everything I can", hint: "All that your role allows" },
  { id: "custom", name: "Custom", hint: "Choose permissions" },
] as const;
export type Preset = typeof PRESETS[number]["id"];

const CI: readonly Permission[] = ["resources:read", "resources:write", "drifts:read", "drifts:write"];
const READ: readonly Permission[] = ["resources:read", "drifts:read"];

/**
 * The permissions of a preset, cut down to what the person may.
 * @param custom what is chosen one by one
 */
export function scopesOf(preset: Preset, mine: readonly Permission[], custom: readonly Permission[]) {
  const wanted = { read: READ, ci: CI, all: mine, custom }[preset];
  return mine.filter((permission) => wanted.includes(permission));
}

/**
 * What a key's permissions are called in short: the preset they are, or how many there are.
 * @param all every permission there is
 */
export function namePermissions(scopes: readonly Permission[], all: readonly Permission[]): string {
  const is = (others: readonly Permission[]) =>
    scopes.length === others.length && scopes.every((scope) => others.includes(scope));
  if (is(READ)) return "Read only";
  if (is(CI)) return "CI pipeline";
  if (is(all)) return "Everything";
  return scopes.length === 1 ? scopes[0]! : `${scopes.length} permissions`;
}

/** The lives on offer in days; a key without an end is the owner's to make. */
export function livesFor(role: Role | undefined) {
  const lives = [7, 30, LIMITS.api_key_default_days, 180, 365].map((days) => ({
    value: String(days),
    label: days === 365 ? "1 year" : `${days} days`,
  }));
  return role === "owner" ? [...lives, { value: "never", label: "Never" }] : lives;
}

/** The addresses in a text: one a line, or with commas between. */
export function addressesOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}
