/** Drifts: fields of resources that differ from their baselines, judged and followed until they are resolved. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, text, Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { anyOf, orderBy, page, pagingQuery } from "./paging.ts";

export const DriftSeverity = z.enum(["critical", "high", "medium", "low"]).meta({ id: "DriftSeverity" });
export const DriftType = z.enum(["configuration", "security", "compliance"]).meta({ id: "DriftType" });
export const DriftStatus = z.enum(["detected", "investigating", "resolved"]).meta({ id: "DriftStatus" });
export const DriftResolution = z.enum(["manual", "reverted", "accepted", "deleted"]).meta({
  id: "DriftResolution",
  description:
    "Why it is resolved: by a person, back at the baseline, accepted as the new baseline, or the resource is gone.",
});

const value = z.unknown().meta({
  description: "In canonical form. If the field is missing: its documented default, or null.",
});

const driftFields = {
  id: Id,
  resource_id: Id,
  resource_name: z.string().meta({ examples: ["demo-logs"] }),
  resource_type: z.string().meta({ examples: ["aws_s3_bucket"] }),
  drift_type: DriftType,
  severity: DriftSeverity,
  status: DriftStatus,
  summary: z.string().meta({ examples: ["block_public_acls: A block-public-access setting is off"] }),
  baseline_value: value,
  current_value: value,
  detected_at: Timestamp,
};

export const Drift = z.strictObject(driftFields).meta({ id: "Drift" });
export type Drift = z.infer<typeof Drift>;

export const DriftNote = text(LIMITS.drift_note_characters).meta({ description: "A note about the drift." });

export const DriftStep = z.strictObject({
  occurred_at: Timestamp,
  status: DriftStatus.meta({ description: "The status from this step on." }),
  resolution: DriftResolution.nullable(),
  note: z.string().nullable(),
  actor_id: Id.nullable(),
  actor_email: z.string().nullable().meta({
    description: "The email address at that time; null if the system did it.",
  }),
  credential_type: z.enum(["session", "api_key"]).nullable(),
}).meta({ id: "DriftStep" });
export type DriftStep = z.infer<typeof DriftStep>;

export const DriftDetail = z.strictObject({
  ...driftFields,
  field_path: z.string().meta({ examples: ["block_public_acls"] }),
  reason: z.string().meta({ description: "Why the drift has this severity." }),
  rule: z.string().nullable().meta({
    description: "The rule that judged it; null if no rule knows the field.",
  }),
  control: z.string().nullable().meta({ description: "The public control or guide behind the rule." }),
  diff: z.array(z.strictObject({ path: z.string(), before: z.unknown(), after: z.unknown() })).meta({
    description: "What differs within the field: members by name, `[]` for elements of a list.",
  }),
  fix: z.string().meta({
    description: "What to do, in one line.",
    examples: ["Set `block_public_acls` back to true, or accept the new state."],
  }),
  address: z.string().nullable().meta({
    description: "What the tool that manages the resource calls it.",
    examples: ["module.logs.aws_s3_bucket.this"],
  }),
  module: z.string().nullable().meta({
    description: "The Terraform module of the address; null at the root.",
  }),
  changed_by: z.string().nullable().meta({ description: "Who changed it last, where its document says so." }),
  changed_at: Timestamp.nullable(),
  ignored: z.strictObject({ rule_id: Id, until: Timestamp.nullable() }).nullable().meta({
    description: "The ignore rule that covers it now, and until when; null where none does.",
  }),
  last_seen_at: Timestamp,
  resolution: DriftResolution.nullable(),
  resolved_at: Timestamp.nullable(),
  history: z.array(DriftStep).meta({
    description: "What happened since it was detected, oldest first; the latest 100 steps at most.",
  }),
}).meta({ id: "DriftDetail" });
export type DriftDetail = z.infer<typeof DriftDetail>;

const count = z.int().nonnegative();

export const DriftSummary = z.strictObject({
  total: count,
  by_severity: z.strictObject({ critical: count, high: count, medium: count, low: count }),
  by_status: z.strictObject({ detected: count, investigating: count, resolved: count }),
  ignored: count.meta({
    description: "Open drifts that an ignore rule covers; in none of the other numbers.",
  }),
  by_day: z.array(
    z.strictObject({
      date: z.iso.date().meta({ examples: ["2026-11-24"] }),
      critical: count,
      high: count,
      medium: count,
      low: count,
    }),
  ).optional().meta({ description: "With `days`: how many were detected on each day, today last." }),
}).meta({ id: "DriftSummary" });
export type DriftSummary = z.infer<typeof DriftSummary>;

export const DriftSearch = text(256).meta({
  description: "Part of the resource's name or type, the field, or the summary; case doesn't matter.",
});

/** What a list of drifts can be sorted by. */
export const DRIFT_ORDER = ["id", "severity", "status", "detected_at", "last_seen_at"] as const;

export const DriftQuery = z.object({
  ...pagingQuery,
  severity: anyOf(DriftSeverity).optional(),
  type: anyOf(DriftType).optional(),
  status: anyOf(DriftStatus).optional(),
  resource_id: IdParam.optional(),
  q: DriftSearch.optional(),
  sort: orderBy(DRIFT_ORDER).optional(),
  ignored: z.enum(["true", "false"]).transform((value) => value === "true").optional().meta({
    description: "Drifts that an ignore rule covers: `true` for only these. They are left out by default.",
  }),
});

export const MAX_SUMMARY_DAYS = 366;

export const DriftSummaryQuery = z.object({
  severity: anyOf(DriftSeverity).optional(),
  type: anyOf(DriftType).optional(),
  status: anyOf(DriftStatus).optional(),
  resource_id: IdParam.optional(),
  q: DriftSearch.optional(),
  days: z.string().regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${MAX_SUMMARY_DAYS}`)
    .transform(Number).pipe(z.int().max(MAX_SUMMARY_DAYS, `must be at most ${MAX_SUMMARY_DAYS}`)).optional()
    .meta({ description: "Also count by day, this many days back." }),
  utc_offset: z.string().regex(/^-?\d{1,3}$/, "must be minutes").transform(Number)
    .pipe(z.int().min(-840).max(840)).optional()
    .meta({ description: "Minutes your clock is ahead of UTC, to cut the days; default 0." }),
});

export const MAX_DETECTED_RESOURCES = 5_000;

export const DetectRequest = z.strictObject({
  resource_ids: z.array(Id).min(1).max(MAX_DETECTED_RESOURCES).optional()
    .meta({ description: "All of the organization's resources if absent." }),
}).meta({ id: "DetectRequest", examples: [{ resource_ids: [1] }] });

export const DetectAnswer = z.strictObject({
  job_id: z.uuid(),
  status: z.enum(["completed", "running"]).meta({
    description: "`completed` if there was little to compare; otherwise follow the job.",
  }),
  message: z.string().meta({ examples: ["Compared 12 resources: 2 have drifted."] }),
}).meta({ id: "DetectAnswer" });
export type DetectAnswer = z.infer<typeof DetectAnswer>;

const tag = "Drifts";
const params = z.object({ id: IdParam });

export const listDrifts = endpoint({
  id: "listDrifts",
  method: "GET",
  path: "/drifts",
  tag,
  auth: "bearer",
  permission: "drifts:read",
  summary: "List drifts, newest first unless you sort them",
  query: DriftQuery,
  success: { status: 200, schema: page(Drift) },
});

export const listResourceDrifts = endpoint({
  id: "listResourceDrifts",
  method: "GET",
  path: "/resources/:id/drifts",
  tag,
  auth: "bearer",
  permission: "drifts:read",
  summary: "List one resource's drifts, newest first unless you sort them",
  params,
  query: DriftQuery.omit({ resource_id: true }),
  success: { status: 200, schema: page(Drift) },
  errors: ["NOT_FOUND"],
});

export const summarizeDrifts = endpoint({
  id: "summarizeDrifts",
  method: "GET",
  path: "/drifts/summary",
  tag,
  auth: "bearer",
  permission: "drifts:read",
  summary: "Count drifts by severity, status and day",
  query: DriftSummaryQuery,
  success: { status: 200, schema: DriftSummary },
});

export const getDrift = endpoint({
  id: "getDrift",
  method: "GET",
  path: "/drifts/:id",
  tag,
  auth: "bearer",
  permission: "drifts:read",
  summary: "Get a drift with its field-level diff and the reason for its severity",
  params,
  success: { status: 200, schema: DriftDetail },
  errors: ["NOT_FOUND"],
});

export const updateDrift = endpoint({
  id: "updateDrift",
  method: "PATCH",
  path: "/drifts/:id",
  tag,
  auth: "bearer",
  permission: "drifts:write",
  summary: "Change a drift's status, reopen it, or add a note",
  params,
  body: z.strictObject({ status: DriftStatus.optional(), note: DriftNote.optional() })
    .refine((value) => value.status !== undefined || value.note !== undefined, "must change something")
    .meta({ id: "UpdateDrift", examples: [{ status: "investigating", note: "Asked the platform team." }] }),
  success: { status: 200, schema: DriftDetail },
  errors: ["NOT_FOUND", "UNPROCESSABLE"],
});

export const resolveDrift = endpoint({
  id: "resolveDrift",
  method: "POST",
  path: "/drifts/:id/resolve",
  tag,
  auth: "bearer",
  permission: "drifts:write",
  summary: "Resolve a drift, or accept the resource's state as its new baseline",
  params,
  body: z.strictObject({
    capture_baseline: z.boolean().optional().meta({ description: "The same as resolution `accepted`." }),
    resolution: DriftResolution.exclude(["deleted"]).optional(),
    note: DriftNote.optional(),
  }).meta({ id: "ResolveDrift", examples: [{ note: "Rolled back." }] }).optional(),
  success: { status: 200, schema: DriftDetail },
  errors: ["NOT_FOUND", "UNPROCESSABLE"],
});

export const detectDrifts = endpoint({
  id: "detectDrifts",
  method: "POST",
  path: "/drifts/detect",
  tag,
  auth: "bearer",
  permission: "drifts:write",
  summary: "Compare resources with their baselines now",
  body: DetectRequest.optional(),
  success: { status: 202, schema: DetectAnswer },
  errors: ["NOT_FOUND"],
});

export const MAX_CHANGED_DRIFTS = 500;

export const changeDrifts = endpoint({
  id: "changeDrifts",
  method: "POST",
  path: "/drifts/bulk",
  tag,
  auth: "bearer",
  permission: "drifts:write",
  summary: "Change the status of many drifts at once; those that can't change stay as they are",
  body: z.strictObject({
    ids: z.array(Id).min(1).max(MAX_CHANGED_DRIFTS, `must have at most ${MAX_CHANGED_DRIFTS} ids`),
    status: DriftStatus,
    note: DriftNote.optional(),
  }).meta({ id: "ChangeDrifts", examples: [{ ids: [1], status: "investigating" }] }),
  success: {
    status: 200,
    schema: z.strictObject({
      changed: z.array(Id),
      unchanged: z.array(Id).meta({ description: "Already in that status, or unable to change to it." }),
    }).meta({ id: "DriftsChanged" }),
  },
  errors: ["NOT_FOUND"],
});
