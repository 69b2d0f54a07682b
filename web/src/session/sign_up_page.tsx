/** Create an account with an organization of one's own, or to follow an invitation. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { RegisterRequest } from "../../../shared/contracts/session.ts";
import { ApiFailure } from "../../../shared/client/client_failures.ts";
import { explainDeed, fieldFaults } from "../api/explain.ts";
import { faultsOf } from "../api/faults.ts";
import { safeNext } from "../app/search.ts";
import { Button } from "../ui/button.tsx";
import { Callout } from "../ui/feedback.tsx";
import { EmailField, TextField } from "../ui/field.tsx";
import { OtherWaysIn } from "./other_ways_in.tsx";
import { pendingInvite } from "./pending_invite.ts";
import { LINK, SessionFrame } from "./session_frame.tsx";
import { useSession } from "./use_session.ts";
import { useSignUp } from "./use_sign_in.ts";

/** The sign-up view. */
export function SignUpPage() {
  const { next } = useSearch({ from: "/public/sign-up" });
  const navigate = useNavigate();
  const session = useSession();
  const signUp = useSignUp();
  const [invited] = useState(() => pendingInvite.read() !== null);
  const [person, setPerson] = useState({ full_name: "", email: "", password: "", organization_name: "" });
  const [faults, setFaults] = useState<Record<string, string>>({});
  const set = (field: keyof typeof person) => (value: string) => setPerson({ ...person, [field]: value });
  useEffect(() => {
    if (session.status === "signed_in") navigate({ href: safeNext(next), replace: true });
  }, [session.status, next, navigate]);
  const submit = () => {
    const checked = RegisterRequest.safeParse({
      ...person,
      full_name: person.full_name || undefined,
      organization_name: person.organization_name || undefined,
    });
    setFaults(faultsOf(checked));
    if (checked.success) signUp.mutate(checked.data);
  };
  if (signUp.data === "confirm") {
    return (
      <SessionFrame title="Check your mail">
        <p className="text-[13px] text-muted">
          We sent a link to {person.email}. Follow it to confirm the address, then sign in.
        </p>
      </SessionFrame>
    );
  }
  const shown = { ...fieldFaults(signUp.error), ...faults };
  return (
    <SessionFrame
      title="Create your account"
      description={invited ? "Use the address your invitation was sent to." : undefined}
      foot={
        <>
          Have an account? <Link to="/sign-in" search={{ next }} className={LINK}>Sign in</Link>
        </>
      }
    >
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {signUp.isError && (
          <Callout tone="danger">
            {explainDeed(signUp.error)}
            {invited && isTaken(signUp.error) && (
              <>
                {" "}
                The invitation may have made it already: follow the link in its mail, or{" "}
                <Link to="/forgot-password" className={LINK}>set a password</Link> first.
              </>
            )}
          </Callout>
        )}
        <TextField
          label="Full name"
          autoComplete="name"
          value={person.full_name}
          onChange={set("full_name")}
          error={shown.full_name}
        />
        <EmailField value={person.email} onChange={set("email")} error={shown.email} />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          required
          hint="At least 10 characters."
          value={person.password}
          onChange={set("password")}
          error={shown.password}
        />
        {!invited && (
          <TextField
            label="Organization"
            autoComplete="organization"
            value={person.organization_name}
            onChange={set("organization_name")}
            error={shown.organization_name}
          />
        )}
        <Button type="submit" look="primary" busy={signUp.isPending} className="h-9">Create account</Button>
      </form>
      <OtherWaysIn next={next} passkeys={false} />
    </SessionFrame>
  );
}

function isTaken(error: unknown): boolean {
  return error instanceof ApiFailure && error.code === "CONFLICT";
}
