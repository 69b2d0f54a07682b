/** Asks for the password again over the view one was in, so that nothing typed there is lost. */
import { useRef } from "react";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { SignInForm } from "./sign_in_form.tsx";

const KEPT = "What you have typed is still here.";
const WORDS = {
  expired: { title: "Your session has ended", description: `Sign in again to go on. ${KEPT}` },
  stale: { title: "Confirm that it is you", description: `This needs a recent sign-in. ${KEPT}` },
};

/**
 * The dialog of an ended session, or of one that is too old for what was tried.
 * @param email of the person whose session it is
 */
export function SignInAgain({ email, reason }: { email: string; reason: keyof typeof WORDS }) {
  const { session } = useServices();
  const passwordField = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      {...WORDS[reason]}
      onClose={reason === "stale" ? session.goOn : undefined}
      initialFocus={passwordField}
    >
      <SignInForm known={email} passwordField={passwordField}>
        {(busy) => (
          <div className="flex flex-wrap justify-end gap-2">
            {reason === "stale"
              ? <Button onClick={session.goOn}>Cancel</Button>
              : <Button onClick={() => session.signOut()}>Leave</Button>}
            <Button type="submit" look="primary" busy={busy}>Sign in</Button>
          </div>
        )}
      </SignInForm>
    </Dialog>
  );
}
