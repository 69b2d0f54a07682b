/** Follows an invitation: through sign-up or sign-in, then into the organization. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { INVITE_PAGE_PATH } from "../../../shared/contracts/invite_page.ts";
import { acceptInvite } from "../../../shared/contracts/team.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { pendingInvite } from "./pending_invite.ts";
import { SessionFrame } from "./session_frame.tsx";
import { useSession } from "./use_session.ts";

/** The view an invitation's link leads to. */
export function InvitePage() {
  const session = useSession();
  const [token] = useState(pendingInvite.read);
  if (!token) {
    return (
      <SessionFrame title="This link is not complete">
        <p className="text-[13px] text-muted">
          Open the link of your invitation again, or ask for a new one.
        </p>
      </SessionFrame>
    );
  }
  if (session.status === "signed_out") return <SignInFirst />;
  return <Accept token={token} email={session.email} />;
}

function SignInFirst() {
  const next = { next: INVITE_PAGE_PATH };
  return (
    <SessionFrame
      title="You are invited"
      description="To join the organization, create an account with the address the invitation was sent to."
    >
      <div className="grid gap-2">
        <Link to="/sign-up" search={next} className={buttonClass({ look: "primary" })}>
          Create an account
        </Link>
        <Link to="/sign-in" search={next} className={buttonClass()}>I have an account</Link>
      </div>
    </SessionFrame>
  );
}

function Accept({ token, email }: { token: string; email: string }) {
  const { api, session } = useServices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => api.call(acceptInvite, { body: { token } }),
    onSuccess: async () => {
      const to = pendingInvite.isForNewPerson() ? "/reset-password" : "/drifts";
      pendingInvite.forget();
      await queries.resetQueries();
      navigate({ to, replace: true });
    },
  });
  return (
    <SessionFrame title="You are invited" description={`Join the organization as ${email}?`}>
      <Fault error={accept.error} />
      <div className="grid gap-2">
        <Button look="primary" busy={accept.isPending} onClick={() => accept.mutate()}>
          Accept invitation
        </Button>
        <Button onClick={() => session.signOut()}>Use another account</Button>
      </div>
    </SessionFrame>
  );
}
