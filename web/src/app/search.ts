/** What the views' addresses hold: filters and page, so that a link shows the same list again. */
import { z } from "zod";
import { ResourceStatus } from "../../../shared/contracts/resources.ts";

/** A filter nobody understands is left out rather than making the link useless. */
const word = z.string().min(1).optional().catch(undefined);
const page = z.int().min(2).optional().catch(undefined);

export const DriftSearch = z.object({
  severity: z.enum(["critical", "high", "medium", "low"]).optional().catch(undefined),
  type: z.enum(["configuration", "security", "compliance"]).optional().catch(undefined),
  status: z.enum(["detected", "investigating", "resolved"]).optional().catch(undefined),
  resource_id: z.int().positive().optional().catch(undefined),
  page,
});
export type DriftSearch = z.infer<typeof DriftSearch>;

export const ResourceSearch = z.object({
  q: word,
  provider: word,
  type: word,
  region: word,
  status: ResourceStatus.optional().catch(undefined),
  page,
});
export type ResourceSearch = z.infer<typeof ResourceSearch>;

export const AuditSearch = z.object({
  action: word,
  actor: word,
  days: z.literal([1, 7, 30]).optional().catch(undefined),
  page,
});
export type AuditSearch = z.infer<typeof AuditSearch>;

/** Whether a list's address holds more than a page's number. */
export function isFiltered(search: DriftSearch | ResourceSearch): boolean {
  return Object.entries(search).some(([name, value]) => name !== "page" && value !== undefined);
}

/**
 * Where to go after signing in.
 * @param next a path of this page; anything that leads elsewhere is ignored
 */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/drifts";
}
