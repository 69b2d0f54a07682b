/** Everybody who can ask the database for something: sessions of the cast, and keys of theirs with few or all scopes. */
import { type Permission, PERMISSIONS, ROLE_PERMISSIONS } from "../../shared/contracts/permissions.ts";
import { PEOPLE, type Person } from "../http/cast.ts";

/** Who asks: a session of the person, or a key of theirs with these scopes. */
export interface Principal {
  readonly name: string;
  readonly person: Person;
  readonly scopes?: readonly Permission[];
}

export const PRINCIPALS: Principal[] = [
  ...PEOPLE.map((person) => ({ name: person, person })),
  ...PERMISSIONS.flatMap((permission): Principal[] => [
    { name: `a key for ${permission}`, person: "owner", scopes: [permission] },
    {
      name: `a key for all but ${permission}`,
      person: "owner",
      scopes: PERMISSIONS.filter((other) => other !== permission),
    },
  ]),
  ...PEOPLE.map((person) => ({ name: `a key of ${person} for all`, person, scopes: PERMISSIONS })),
];

/** True when role and scopes both allow it. */
export function has({ person, scopes }: Principal, permission: Permission): boolean {
  const role = person === "stranger" ? "owner" : person;
  return ROLE_PERMISSIONS[role].includes(permission) && (scopes ?? PERMISSIONS).includes(permission);
}

/** True for owners and admins; the stranger owns the other organization. */
export function isAdministrator({ person }: Principal): boolean {
  return person !== "user" && person !== "viewer";
}

/** People whose role reads the audit log; a webhook outlives any key. */
export function managesWebhooks(who: Principal): boolean {
  return has(who, "audit:read") && !who.scopes;
}
