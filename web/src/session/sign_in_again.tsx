/** Asks for the password again over the view one was in, so that nothing typed there is lost. */
import { useRef, useState } from "react";
import { explain } from "../api/explain.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Callout } from "../ui/feedback.tsx";
import { TextField } from "../ui/field.tsx";
import { useSignIn } from "./use_sign_in.ts";

const KEPT = "What you have typed is still here.";
const WORDS = {
  expired: { title: "Your session has ended", description: `Sign in again to go on. ${KEPT}` },
  stale: { title: "Confirm that it is you", description: `This needs a recent sign-in. ${KEPT}` },
};

/**
 * The dialog of an ended session, or of one that is too old for what was tried.
 * @param email of the person whose session it is
 */
export function SignInAgain({ email: known, reason }: { email: string; reason: keyof typeof WORDS }) {
  const { session } = useServices();
  const signIn = useSignIn();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const passwordField = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      {...WORDS[reason]}
      onClose={reason === "stale" ? session.goOn : undefined}
      initialFocus={passwordField}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ email, password });
        }}
      >
        {signIn.isError && <Callout tone="danger">{explain(signIn.error).text}</Callout>}
        <TextField
          label="Email"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={setEmail}
        />
        <TextField
          ref={passwordField}
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={setPassword}
        />
        <div className="flex flex-wrap justify-end gap-2">
          {reason === "stale"
            ? <Button onClick={session.goOn}>Cancel</Button>
            : <Button onClick={() => session.signOut()}>Leave</Button>}
          <Button type="submit" look="primary" busy={signIn.isPending}>Sign in</Button>
        </div>
      </form>
    </Dialog>
  );
}
