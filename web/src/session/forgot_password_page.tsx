/** Asks for a mail with a link to set a new password. */
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Callout } from "../ui/feedback.tsx";
import { EmailField } from "../ui/field.tsx";
import { LINK, SessionFrame } from "./session_frame.tsx";

/** The forgotten-password view. */
export function ForgotPasswordPage() {
  const { auth } = useServices();
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: async () => {
      const redirectTo = `${location.origin}/reset-password`;
      const { error } = await (await auth()).resetPasswordForEmail(email, { redirectTo });
      if (error) throw error;
    },
  });
  return (
    <SessionFrame
      title="Forgot your password?"
      description="We send a link to set a new one."
      foot={<Link to="/sign-in" className={LINK}>Back to sign-in</Link>}
    >
      {ask.isSuccess
        ? (
          <Callout tone="good">
            If {email} has an account, an email is on its way. Open its link in this browser.
          </Callout>
        )
        : (
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              ask.mutate();
            }}
          >
            <Fault error={ask.error} />
            <EmailField autoFocus value={email} onChange={setEmail} />
            <Button type="submit" look="primary" busy={ask.isPending} className="h-9">Send the link</Button>
          </form>
        )}
    </SessionFrame>
  );
}
