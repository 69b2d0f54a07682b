/** The link of an invitation, the only time. */
import type { InviteSent } from "../../../shared/contracts/team.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Callout } from "../ui/feedback.tsx";
import { Secret } from "../ui/secret.tsx";

/** Says whether the mail is under way, and shows the link. */
export function InviteLink({ sent, onClose }: { sent: InviteSent; onClose: () => void }) {
  return (
    <Dialog title={`${sent.email} is invited`} wide>
      <Callout tone={sent.mail_sent ? "good" : "info"}>
        {sent.mail_sent
          ? "The mail is on its way."
          : "No mail could be sent. Hand over the link below yourself."}
      </Callout>
      <Secret label="Invitation link" copy="Copy link" text={sent.accept_url} />
      <p className="text-[13px] text-muted">It can't be shown again, but a new one can be sent.</p>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}
