/** Sign in, and on to where one was going. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { explain } from "../api/explain.ts";
import { safeNext } from "../app/search.ts";
import { Button } from "../ui/button.tsx";
import { Callout } from "../ui/feedback.tsx";
import { TextField } from "../ui/field.tsx";
import { LINK, SessionFrame } from "./session_frame.tsx";
import { useSession } from "./use_session.ts";
import { useSignIn } from "./use_sign_in.ts";

/** The sign-in view. */
export function SignInPage() {
  const { next } = useSearch({ from: "/public/sign-in" });
  const navigate = useNavigate();
  const session = useSession();
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  useEffect(() => {
    // Also when another tab signs in while this one waits.
    if (session.status === "signed_in") navigate({ href: safeNext(next), replace: true });
  }, [session.status, next, navigate]);
  return (
    <SessionFrame
      title="Sign in to InfraAudit"
      foot={
        <>
          New here? <Link to="/sign-up" search={{ next }} className={LINK}>Create an account</Link>
        </>
      }
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
          autoFocus
          value={email}
          onChange={setEmail}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={setPassword}
          aside={<Link to="/forgot-password" className={`${LINK} text-[13px]`}>Forgotten?</Link>}
        />
        <Button type="submit" look="primary" busy={signIn.isPending} className="h-9">Sign in</Button>
      </form>
    </SessionFrame>
  );
}
