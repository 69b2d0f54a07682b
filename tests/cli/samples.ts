/** Rows as the API answers them, for scripted servers; typed, so that they can't fall behind the contract. */
import type { ApiKey } from "../../shared/contracts/api_keys.ts";
import type { Drift, DriftDetail } from "../../shared/contracts/drifts.ts";
import type { Resource } from "../../shared/contracts/resources.ts";

export const TIMESTAMP = "2026-11-24T09:30:00.000Z";

/** An API key's text, of the right shape; its secret part is all `s`. */
export const KEY = `ia_live_4fQ0aZ81Kp_${"s".repeat(43)}123456`;

export function sampleResource(id: number): Resource {
  return {
    id,
    external_id: `arn:aws:s3:::bucket-${id}`,
    name: `bucket-${id}`,
    resource_type: "aws_s3_bucket",
    provider: "aws",
    region: null,
    status: "active",
    tags: {},
    source: null,
    address: null,
    last_seen_at: TIMESTAMP,
    created_at: TIMESTAMP,
  };
}

export function sampleKey(id: number): ApiKey {
  return {
    id,
    name: `a key with a name that takes much room ${id}`,
    prefix: "ia_live_4fQ0aZ81Kp",
    scopes: ["resources:read", "resources:write", "drifts:read", "drifts:write"],
    allowed_ips: null,
    rate_limit: null,
    replaces: null,
    replaced_by: null,
    created_by: { id: 1, email: "somebody.with.a.long.address@example.com" },
    created_at: TIMESTAMP,
    last_used_at: null,
    expires_at: "2027-02-22T09:30:00.000Z",
    revoked_at: null,
    status: "active",
  };
}

export function sampleDrift(id: number, facts: Partial<Drift>): Drift {
  return {
    id,
    resource_id: 1,
    resource_name: "bucket-1",
    resource_type: "aws_s3_bucket",
    drift_type: "security",
    severity: "high",
    status: "detected",
    summary: "acl: public",
    baseline_value: "private",
    current_value: "public-read",
    detected_at: TIMESTAMP,
    ...facts,
  };
}

/** The data of a drift's event. */
export function driftEventData(id: number, summary = "block_public_acls: off") {
  return {
    id,
    resource_id: 1,
    resource_name: "demo-logs",
    resource_type: "aws_s3_bucket",
    field_path: "block_public_acls",
    drift_type: "security",
    severity: "high",
    status: "detected",
    summary,
    detected_at: TIMESTAMP,
  };
}

export function sampleDetail(id: number, facts: Partial<DriftDetail>): DriftDetail {
  return {
    ...sampleDrift(id, {}),
    field_path: "acl",
    reason: "Everybody can read it",
    rule: "public-access",
    control: null,
    diff: [],
    fix: "Set `acl` back to private, or accept the new state.",
    address: null,
    module: null,
    changed_by: null,
    changed_at: null,
    ignored: null,
    last_seen_at: TIMESTAMP,
    resolution: null,
    resolved_at: null,
    history: [],
    ...facts,
  };
}
