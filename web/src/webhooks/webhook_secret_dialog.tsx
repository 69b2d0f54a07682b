/** A webhook's secret, shown once after it was made or drawn anew. */
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Callout } from "../ui/feedback.tsx";
import { Secret } from "../ui/secret.tsx";

/** The secret, and where it belongs. */
export function WebhookSecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog title="The webhook's secret">
      <Callout tone="info">Copy it now. It can't be shown again.</Callout>
      <Secret label="Webhook secret" text={secret} copy="Copy secret" />
      <p className="text-[13px] text-muted">
        Verify each message with it: header{" "}
        <code className="font-mono text-xs">webhook-signature</code>, as Standard Webhooks says. Libraries for
        it exist in every common language.
      </p>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}
