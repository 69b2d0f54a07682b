/** Names and ids for completion: profiles from the file, everything else from the server, quickly or not at all. */
import type { AnyEndpoint } from "../../shared/client/client_types.ts";
import type { App } from "../app.ts";

/** A shell that waits longer feels broken. */
const PATIENCE_MS = 1_500;
const PAGE = 100;

type Row = Record<string, unknown>;

interface Source {
  endpoint: () => Promise<AnyEndpoint>;
  words: (row: Row) => unknown[];
}

const resources: Source = {
  endpoint: async () => (await import("../../shared/contracts/resources.ts")).listResources,
  words: (row) => [row.name, row.id],
};
const drifts: Source = {
  endpoint: async () => (await import("../../shared/contracts/drifts.ts")).listDrifts,
  words: (row) => [row.id],
};
const baselines: Source = {
  endpoint: async () => (await import("../../shared/contracts/baselines.ts")).listBaselines,
  words: (row) => [row.id],
};
const keys: Source = {
  endpoint: async () => (await import("../../shared/contracts/api_keys.ts")).listApiKeys,
  words: (row) => row.status === "active" ? [row.id] : [],
};
const ignores: Source = {
  endpoint: async () => (await import("../../shared/contracts/ignore_rules.ts")).listIgnoreRules,
  words: (row) => [row.id],
};
const webhooks: Source = {
  endpoint: async () => (await import("../../shared/contracts/webhooks.ts")).listWebhooks,
  words: (row) => [row.id],
};
const policies: Source = {
  endpoint: async () => (await import("../../shared/contracts/trust_policies.ts")).listTrustPolicies,
  words: (row) => [row.id],
};
const members: Source = {
  endpoint: async () => (await import("../../shared/contracts/team.ts")).listTeam,
  words: (row) => [row.email],
};
const invites: Source = {
  endpoint: async () => (await import("../../shared/contracts/team.ts")).listInvites,
  words: (row) => row.status === "pending" ? [row.id] : [],
};

/** By the kind that `complete_words.ts` finds. */
const SOURCES: Record<string, Source> = {
  resource: resources,
  "resources id": resources,
  "drifts id": drifts,
  "baselines id": baselines,
  "baselines other": baselines,
  "api-keys id": keys,
  "ignores id": ignores,
  "webhooks id": webhooks,
  "trust-policies id": policies,
  "team id": invites,
  person: members,
};

/** The values of a kind; none if there are none, no one is signed in, or the server doesn't answer at once. */
export async function valuesOf(app: App, kind: string): Promise<string[]> {
  try {
    const isProfile = kind === "profile" || kind === "profile name";
    return isProfile ? await profileNames(app) : await fromServer(app, SOURCES[kind]);
  } catch {
    return [];
  }
}

async function profileNames(app: App): Promise<string[]> {
  const { config } = await app.settings();
  return ["default", ...Object.keys(config.content.profiles ?? {})];
}

async function fromServer(app: App, source: Source | undefined): Promise<string[]> {
  if (!source) return [];
  const signal = AbortSignal.any([app.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const [client, endpoint] = await Promise.all([app.client(), source.endpoint()]);
  const query = endpoint.query ? { per_page: String(PAGE) } : undefined;
  const body = await client.call(endpoint, { query } as never, { signal }) as Row[] | { data: Row[] };
  const rows = Array.isArray(body) ? body : body.data;
  // One with white space can't be offered as a word in every shell.
  const words = rows.flatMap(source.words).map(String).filter((word) => /^[\w.@:/+-]+$/.test(word));
  return [...new Set(words)];
}
