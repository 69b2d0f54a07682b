/**
 * What the views' addresses hold: filters and page, so that a link shows the same list again. What an address says
 * wrongly is left out rather than making the link useless. By hand: zod would be a fifth of the page's first script.
 */

type Address = Record<string, unknown>;

const SEVERITIES = ["critical", "high", "medium", "low"] as const;
const DRIFT_TYPES = ["configuration", "security", "compliance"] as const;
const DRIFT_STATES = ["open", "detected", "investigating", "resolved", "all"] as const;
const GROUPS = ["resource", "type", "severity"] as const;
const RESOURCE_STATES = ["active", "stopped", "deleted"] as const;
const SPANS = [1, 7, 30, 90] as const;

/** Filters of the drifts; without `status`, the open ones. */
export interface DriftSearch {
  severity?: typeof SEVERITIES[number];
  type?: typeof DRIFT_TYPES[number];
  status?: typeof DRIFT_STATES[number];
  q?: string;
  resource_id?: number;
  group?: typeof GROUPS[number];
  /** Only those that an ignore rule covers; without it, only the others. */
  ignored?: true;
  page?: number;
}

/** Filters of the resources. */
export interface ResourceSearch {
  q?: string;
  provider?: string;
  type?: string;
  region?: string;
  source?: string;
  status?: typeof RESOURCE_STATES[number];
  page?: number;
}

/** Filters of the risks. */
export interface RiskSearch {
  severity?: typeof SEVERITIES[number];
  q?: string;
  page?: number;
}

/** Filters of the audit log. */
export interface AuditSearch {
  action?: string;
  actor?: string;
  credential?: string;
  target?: string;
  days?: typeof SPANS[number];
  page?: number;
}

/** Filters of the API keys. */
export interface KeySearch {
  q?: string;
  ended?: true;
}

export const toDriftSearch = (address: Address): DriftSearch =>
  known({
    severity: oneOf(SEVERITIES, address.severity),
    type: oneOf(DRIFT_TYPES, address.type),
    status: oneOf(DRIFT_STATES, address.status),
    q: word(address.q),
    resource_id: whole(1, address.resource_id),
    group: oneOf(GROUPS, address.group),
    ignored: address.ignored === true ? true as const : undefined,
    page: whole(2, address.page),
  });

export const toResourceSearch = (address: Address): ResourceSearch =>
  known({
    q: word(address.q),
    provider: word(address.provider),
    type: word(address.type),
    region: word(address.region),
    source: word(address.source),
    status: oneOf(RESOURCE_STATES, address.status),
    page: whole(2, address.page),
  });

export const toRiskSearch = (address: Address): RiskSearch =>
  known({
    severity: oneOf(SEVERITIES, address.severity),
    q: word(address.q),
    page: whole(2, address.page),
  });

export const toAuditSearch = (address: Address): AuditSearch =>
  known({
    action: word(address.action),
    actor: word(address.actor),
    credential: word(address.credential),
    target: word(address.target),
    days: oneOf(SPANS, address.days),
    page: whole(2, address.page),
  });

export const toKeySearch = (address: Address): KeySearch =>
  known({ q: word(address.q), ended: address.ended === true ? true as const : undefined });

/** Where to go after signing in, as an address says it. */
export const toNext = (address: Address): { next?: string } => known({ next: word(address.next) });

/** The same, and whether a provider sent one back without signing one in; what it says is not ours to show. */
export const toSignIn = (address: Address): { next?: string; refused?: true } =>
  known({
    next: word(address.next),
    refused: address.error !== undefined || address.refused === true ? true as const : undefined,
  });

/** A list's page, where the address holds nothing else. */
export const toPage = (address: Address): { page?: number } => known({ page: whole(2, address.page) });

/** Whether a password is set for the first time, after an invitation. */
export const toWelcome = (address: Address): { welcome?: true } =>
  known({ welcome: address.welcome === true ? true as const : undefined });

/** The code that a command's link brings along; `code` would be Supabase Auth's own. */
export const toDeviceCode = (address: Address): { user_code?: string } =>
  known({ user_code: word(address.user_code) });

function known<Search extends object>(search: Search): Search {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Search;
}

function oneOf<Value>(values: readonly Value[], value: unknown): Value | undefined {
  return values.find((one) => one === value);
}

/** The router reads `q=42` as a number: a search for it is one for its digits. */
function word(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;
}

function whole(least: number, value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= least ? Number(value) : undefined;
}

/** What the list of drifts is asked for: open ones first, the worst on top, the newest of these first. */
export function toDriftQuery({ page, ...search }: DriftSearch) {
  const sort = `${search.status === "all" ? "status," : ""}-severity,-detected_at`;
  return { ...toSummaryQuery(search), ...known({ ignored: search.ignored && "true" as const }), page, sort };
}

/** What the summary is asked for. */
export function toSummaryQuery({ severity, type, status = "open", q, resource_id }: DriftSearch) {
  const statuses = status === "open" ? "detected,investigating" : status === "all" ? undefined : status;
  return known({ severity, type, status: statuses, q, resource_id });
}

/** Whether a list's address holds more than a page's number. */
export function isFiltered(search: DriftSearch | ResourceSearch): boolean {
  return Object.keys(search).some((name) => name !== "page" && name !== "group");
}

/**
 * Where to go after signing in.
 * @param next a path of this page; anything that leads elsewhere is ignored
 */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/drifts";
}
