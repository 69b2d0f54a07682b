/** Everything that the audit log has of one event. */
import type { AuditEvent } from "../../../shared/contracts/audit.ts";
import { CopyButton } from "../ui/copy_button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { JsonView } from "../ui/json_view.tsx";
import { sayExactly } from "../ui/moment.tsx";
import { sayEvent } from "./say_event.ts";

/** One event in a dialog. */
export function EventDialog({ event, onClose }: { event: AuditEvent; onClose: () => void }) {
  const facts: [string, string | null][] = [
    ["Time", sayExactly(event.occurred_at)],
    ["Action", event.action],
    ["Person", event.actor_email ?? "The system"],
    ["Credential", sayCredential(event)],
    ["Address", event.address],
    ["Target", event.target_type && `${event.target_type} ${event.target_id ?? ""}`],
    ["Client", event.user_agent],
    ["Request", event.request_id],
    ["Hash", event.hash],
  ];
  return (
    <Dialog
      title={sayEvent(event)}
      description={`Number ${event.sequence} in the log`}
      wide
      onClose={onClose}
    >
      <div className="-mx-4">
        <Facts>
          {facts.map(([name, text]) =>
            text && (
              <Fact key={name} name={name} wide={text.length > 24}>
                <bdi className="break-all">{text}</bdi>
              </Fact>
            )
          )}
        </Facts>
      </div>
      <section className="overflow-hidden rounded-md border">
        <div className="flex items-center justify-between border-b bg-sunken px-4 py-1.5">
          <h3 className="text-[13px] font-medium">Details</h3>
          <CopyButton text={JSON.stringify(event, null, 2)} label="Copy as JSON" look="ghost" />
        </div>
        <JsonView value={event.details} label="Details" />
      </section>
    </Dialog>
  );
}

function sayCredential({ credential_type, credential_id }: AuditEvent): string | null {
  if (!credential_type) return null;
  return credential_type === "api_key" ? `API key ${credential_id}_…` : `Session ${credential_id ?? ""}`;
}
