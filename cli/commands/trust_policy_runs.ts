/** What the commands of `infraudit trust-policies` do. */
import {
  createTrustPolicy,
  deleteTrustPolicy,
  listTrustPolicies,
  TRUST_PRESETS,
  type TrustPolicy,
  updateTrustPolicy,
} from "../../shared/contracts/trust_policies.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printDone, printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { type ConfirmOptions, isConfirmed } from "./confirm.ts";
import { type CreateTrustOptions, PROVIDERS, type TrustOptions } from "./trust_policies.ts";

const COLUMNS: Column<TrustPolicy>[] = [
  { title: "id", value: (policy) => policy.id },
  { title: "name", value: (policy) => policy.name, least: 12 },
  { title: "issuer", value: (policy) => policy.issuer, dropped: 3, least: 16 },
  { title: "when", value: (policy) => conditionsOf(policy), least: 16 },
  { title: "scopes", value: (policy) => policy.scopes.join(","), dropped: 2, least: 16 },
  { title: "last used", value: (policy) => policy.last_used_at ?? "never", dropped: 1 },
];

/** Lists policies. */
export async function runListTrustPolicies(app: App): Promise<void> {
  const policies = await (await app.client()).call(listTrustPolicies, {}, { signal: app.signal });
  await printList(app, policies, COLUMNS, (policy) => policy.id, "No trust policies.");
}

/** Makes a policy. */
export async function runCreateTrustPolicy(app: App, options: CreateTrustOptions): Promise<void> {
  const issuer = issuerOf(options);
  if (!issuer) {
    const message = `Say whose tokens: --provider (${PROVIDERS.join(", ")}) or --issuer URL.`;
    throw new CliFailure(EXIT.USAGE, message);
  }
  const policy = await (await app.client()).call(createTrustPolicy, {
    body: {
      name: options.name,
      issuer,
      audience: options.audience,
      conditions: options.when,
      scopes: options.scope,
      max_seconds: options.maxSeconds,
    },
  }, { signal: app.signal });
  await printPolicy(app, policy);
}

/** Changes what was named of a policy. */
export async function runUpdateTrustPolicy(app: App, id: number, options: TrustOptions): Promise<void> {
  if (Object.keys(options).length === 0) {
    throw new CliFailure(EXIT.USAGE, "Say what to change, such as --name or --when.", {
      next: "infraudit trust-policies update --help",
    });
  }
  const policy = await (await app.client()).call(updateTrustPolicy, {
    params: { id },
    body: {
      name: options.name,
      issuer: issuerOf(options),
      audience: options.audience,
      conditions: options.when,
      scopes: options.scope,
      max_seconds: options.maxSeconds,
    },
  }, { signal: app.signal });
  await printPolicy(app, policy);
}

function issuerOf({ issuer, provider }: TrustOptions): string | undefined {
  const found = issuer ?? (provider && TRUST_PRESETS[provider].issuer);
  if (found !== TRUST_PRESETS.circleci.issuer) return found;
  const message = "CircleCI has an issuer for each organization: --issuer https://oidc.circleci.com/org/ID.";
  throw new CliFailure(EXIT.USAGE, message);
}

async function printPolicy(app: App, policy: TrustPolicy): Promise<void> {
  await printRecord(app, policy, [
    ["id", policy.id],
    ["name", policy.name],
    ["issuer", policy.issuer],
    ["audience", policy.audience],
    ["when", conditionsOf(policy)],
    ["scopes", policy.scopes.join(", ")],
    ["keys live", `${policy.max_seconds} s`],
  ], policy.id);
}

/** Ends a policy after a yes. */
export async function runDeleteTrustPolicy(app: App, id: number, options: ConfirmOptions): Promise<void> {
  const question = `End trust policy ${id}? Jobs that use it stop working at once.`;
  if (!await isConfirmed(app, options, question, `end trust policy ${id}`)) {
    return await printDone(app, { id, deleted: false }, "Nothing was ended.");
  }
  await (await app.client()).call(deleteTrustPolicy, { params: { id } }, { signal: app.signal });
  await printDone(app, { id, deleted: true }, `Ended trust policy ${id}.`, id);
}

function conditionsOf({ conditions }: TrustPolicy): string {
  return Object.entries(conditions).map(([claim, pattern]) => `${claim}=${pattern}`).join(" ");
}
