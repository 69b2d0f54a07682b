/** Liveness and readiness. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";

export const Health = z.strictObject({ status: z.literal("ok") }).meta({ id: "Health" });

const Check = z.enum(["ok", "down"]);
export const Readiness = z.strictObject({
  status: Check,
  checks: z.strictObject({ database: Check, auth: Check, jwks: Check, signing_key: Check }),
}).meta({ id: "Readiness" });
export type Readiness = z.infer<typeof Readiness>;

export const getHealth = endpoint({
  id: "getHealth",
  method: "GET",
  path: "/health",
  tag: "Health",
  auth: "none",
  summary: "Liveness: the function runs",
  success: { status: 200, schema: Health },
});

export const getReadiness = endpoint({
  id: "getReadiness",
  method: "GET",
  path: "/health/ready",
  tag: "Health",
  auth: "none",
  summary: "Readiness: database, Auth and JWKS answer, and the signing key is published",
  success: { status: 200, schema: Readiness },
  errors: ["UNAVAILABLE"],
});
