/** The organization itself: its name, and what it asks of its people. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, text, Timestamp } from "./fields.ts";
import { LIMITS } from "./limits.ts";

const driftDays = z.int().min(30).max(3650).meta({
  description: "Days that resolved drifts are kept; 365 by default.",
});
const auditDays = z.int().min(365).max(3650).meta({
  description: "Days that audit events are kept; 730 by default.",
});

export const Organization = z.strictObject({
  id: Id,
  name: z.string(),
  require_mfa: z.boolean().meta({ description: "True if every member needs a second factor." }),
  drift_retention_days: driftDays,
  audit_retention_days: auditDays,
  created_at: Timestamp,
}).meta({ id: "Organization" });
export type Organization = z.infer<typeof Organization>;

export const UpdateOrganization = z.strictObject({
  name: text(LIMITS.name_characters).optional(),
  require_mfa: z.boolean().optional(),
  drift_retention_days: driftDays.optional(),
  audit_retention_days: auditDays.optional(),
}).refine((value) => Object.keys(value).length > 0, "must change something").meta({
  id: "UpdateOrganization",
  examples: [{ name: "Acme" }],
});

const tag = "Organization";
const path = "/settings/organization";

export const getOrganization = endpoint({
  id: "getOrganization",
  method: "GET",
  path,
  tag,
  auth: "bearer",
  summary: "Get the active organization",
  success: { status: 200, schema: Organization },
});

export const updateOrganization = endpoint({
  id: "updateOrganization",
  method: "PATCH",
  path,
  tag,
  auth: "bearer",
  permission: "team:write",
  summary: "Rename the organization, require a second factor, or change how long it keeps what",
  body: UpdateOrganization,
  success: { status: 200, schema: Organization },
  errors: ["UNPROCESSABLE", "REAUTHENTICATION_REQUIRED"],
});

export const deleteOrganization = endpoint({
  id: "deleteOrganization",
  method: "DELETE",
  path,
  tag,
  auth: "bearer",
  permission: "team:write",
  summary: "Delete the organization: everybody is out at once, and everything of it is erased",
  body: z.strictObject({
    name: text(LIMITS.name_characters).meta({
      description: "The organization's name, to be sure.",
      examples: ["Acme"],
    }),
  }).meta({ id: "DeleteOrganization" }),
  success: {
    status: 202,
    schema: z.strictObject({
      message: z.string().meta({ examples: ["Acme is being erased."] }),
    }).meta({ id: "OrganizationDeleted" }),
  },
  errors: ["UNPROCESSABLE", "REAUTHENTICATION_REQUIRED"],
});
