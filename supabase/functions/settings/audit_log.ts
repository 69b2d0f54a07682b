/** The audit log over HTTP: read in pages, and checked for gaps and changes. */
import {
  AuditEvent,
  type AuditQuery,
  AuditVerification,
  listAuditEvents,
  verifyAuditLog,
} from "../../../shared/contracts/audit.ts";
import type { CallerDatabase } from "../../../shared/db/client.ts";
import { containing } from "../../../shared/db/containing.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage } from "../../../shared/http/paging.ts";
import { route } from "../../../shared/http/route.ts";
import { z } from "zod";

/** Events recomputed in one statement; a hosted project gives a statement eight seconds. */
const EVENTS_PER_STATEMENT = 20_000;

export function addAuditLogRoutes(app: App, deps: Deps): void {
  route(app, deps, listAuditEvents, async ({ db, query, principal }) => {
    // This read also writes, so it begins like a write: after admission.
    await principal();
    unwrap(await db.rpc("settle_session_starts"));
    return await fetchPage({
      db,
      query,
      permission: "audit:read",
      row: AuditEvent,
      sort: [{ column: "id", ascending: false }],
      select: (options) => select(db, query, options),
    });
  });

  route(app, deps, verifyAuditLog, async ({ db, principal }) => {
    await principal();
    unwrap(await db.rpc("settle_session_starts"));
    let stretch: Stretch = { after: 0, hash: "", trimmed: 0, done: false, head: null, broken: null };
    while (!stretch.done) {
      stretch = Stretch.parse(unwrap(
        await db.rpc("verify_audit_events", {
          p_after: stretch.after,
          p_hash: stretch.hash,
          p_limit: EVENTS_PER_STATEMENT,
        }),
      ));
    }
    const { after, trimmed, head, broken } = stretch;
    return { intact: broken === null, events: Math.max(after - trimmed, 0), trimmed, head, broken };
  });
}

const Stretch = AuditVerification.pick({ trimmed: true, head: true, broken: true }).extend({
  /** The last link found good, and its hash in hex. */
  after: z.int(),
  hash: z.string(),
  done: z.boolean(),
});
type Stretch = z.infer<typeof Stretch>;

function select(
  db: CallerDatabase,
  query: z.output<typeof AuditQuery>,
  options: { count?: "exact"; head?: boolean },
) {
  let selection = db.from("audit_log").select("*", options);
  const { actor, credential, action, target, from, to } = query;
  if (actor && /^\d{1,15}$/.test(actor)) selection = selection.eq("actor_id", Number(actor));
  else if (actor) selection = selection.like("actor_email", containing(actor));
  if (credential) selection = selection.eq("credential_id", credential);
  if (action?.includes(".")) selection = selection.eq("action", action);
  else if (action) selection = selection.like("action", `${action.replaceAll("_", "\\_")}.%`);
  const [type, id] = target ? [target.split(":", 1)[0]!, target.slice(target.indexOf(":") + 1)] : [];
  if (type) selection = selection.eq("target_type", type);
  if (type && id && target!.includes(":")) selection = selection.eq("target_id", id);
  if (from) selection = selection.gte("occurred_at", from);
  if (to) selection = selection.lt("occurred_at", to);
  return selection;
}
