/** Erasures as jobs: Postgres does each step by itself. */
import { z } from "zod";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { Step } from "../../../shared/jobs/job.ts";

/** Some milliseconds of the database's time. */
const ROWS_A_STEP = 1_000;

/** Takes away the next rows of an organization that was deleted, at last the organization. */
export const organizationErasureStep: Step = async (database, { id, lease }) => {
  const held = { p_job: id, p_lease: lease, p_limit: ROWS_A_STEP };
  const isLast = z.boolean().parse(unwrap(await database.rpc("erase_organization_step", held)));
  return { isLast, busyMilliseconds: 0 };
};

/** Replaces what names an erased person in the next events of audit logs. */
export const personErasureStep: Step = async (database, { id, lease }) => {
  const held = { p_job: id, p_lease: lease, p_limit: ROWS_A_STEP };
  const isLast = z.boolean().parse(unwrap(await database.rpc("erase_person_step", held)));
  return { isLast, busyMilliseconds: 0 };
};
