/** Email and password, as the sign-in view and the dialog over another view ask for them. */
import { type ReactNode, type RefObject, useState } from "react";
import { Fault } from "../api/fault.tsx";
import { EmailField, TextField } from "../ui/field.tsx";
import { missingStep } from "../security/missing_step.ts";
import { SecondFactorField } from "./second_factor_field.tsx";
import { useSignIn } from "./use_sign_in.ts";

/**
 * The form; once signed in, the session's state says so.
 * @param known the email of whom it is likely to be; else that is what one types first
 * @param aside beside the word "Password"
 * @param children draws the buttons
 */
export function SignInForm({ known, passwordField, aside, children }: {
  known?: string;
  passwordField?: RefObject<HTMLInputElement | null>;
  aside?: ReactNode;
  children: (busy: boolean) => ReactNode;
}) {
  const signIn = useSignIn();
  const [email, setEmail] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [proof, setProof] = useState("");
  // Asked for once the server has said so, and from then on.
  const [asks, setAsks] = useState<"totp" | "recovery_code">();
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate({ email, password, ...(asks && { [asks]: proof }) }, {
          onError: (error) => missingStep(error) && setAsks("totp"),
        });
      }}
    >
      <Fault error={missingStep(signIn.error) ? null : signIn.error} />
      <EmailField autoFocus={known === undefined} value={email} onChange={setEmail} />
      <TextField
        ref={passwordField}
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={setPassword}
        aside={aside}
      />
      {asks && (
        <SecondFactorField
          kind={asks}
          value={proof}
          onChange={setProof}
          onKind={(kind) => {
            setAsks(kind);
            setProof("");
          }}
        />
      )}
      {children(signIn.isPending)}
    </form>
  );
}
