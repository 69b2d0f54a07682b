/** Sign in, and on to where one was going. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { safeNext } from "../app/search.ts";
import { Button } from "../ui/button.tsx";
import { OtherWaysIn, ProviderRefusal } from "./other_ways_in.tsx";
import { LINK, SessionFrame } from "./session_frame.tsx";
import { SignInForm } from "./sign_in_form.tsx";
import { useSession } from "./use_session.ts";

/** The sign-in view. */
export function SignInPage() {
  const { next, refused } = useSearch({ from: "/public/sign-in" });
  const navigate = useNavigate();
  const session = useSession();
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
      {refused && <ProviderRefusal />}
      <SignInForm
        aside={<Link to="/forgot-password" className={`${LINK} text-[13px]`}>Forgot password?</Link>}
      >
        {(busy) => <Button type="submit" look="primary" busy={busy} className="h-9">Sign in</Button>}
      </SignInForm>
      <OtherWaysIn next={next} />
    </SessionFrame>
  );
}
