/** Follows an invitation: says what it is, then leads through sign-up or sign-in into the organization. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { INVITE_PAGE_PATH } from "../../../shared/contracts/invite_page.ts";
import {
  acceptInvite,
  type InvitePreview,
  previewInvite,
  remailInvite,
} from "../../../shared/contracts/team.ts";
import { ApiFailure } from "../../../shared/client/client_failures.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Callout, ErrorState, faultOf, Skeleton } from "../ui/feedback.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { pendingInvite } from "./pending_invite.ts";
import { SessionFrame } from "./session_frame.tsx";
import { useSession } from "./use_session.ts";

const OVER: Record<InvitePreview["status"], string | undefined> = {
  pending: undefined,
  accepted: "It was accepted before.",
  expired: "It has expired.",
  cancelled: "It was cancelled.",
};

/** The view an invitation's link leads to. */
export function InvitePage() {
  const { api } = useServices();
  const session = useSession();
  const [token] = useState(pendingInvite.read);
  const preview = useQuery({
    queryKey: ["invite-preview", token],
    queryFn: ({ signal }) => api.call(previewInvite, { body: { token: token! } }, { signal }),
    enabled: token !== null,
  });
  const fault = faultOf(preview);
  if (!token) {
    return <NoInvitation>Open the link of your invitation again, or ask for a new one.</NoInvitation>;
  }
  if (fault instanceof ApiFailure && fault.status < 500) {
    return <NoInvitation>It was replaced by a newer one, or taken back. Ask for a new one.</NoInvitation>;
  }
  if (fault) {
    return (
      <SessionFrame title="Your invitation">
        <ErrorState error={fault} onRetry={() => preview.refetch()} />
      </SessionFrame>
    );
  }
  const invite = preview.data;
  if (!invite) {
    return (
      <SessionFrame title="Your invitation">
        <div aria-busy="true" className="grid gap-3">
          <Skeleton />
          <Skeleton className="w-1/2" />
        </div>
      </SessionFrame>
    );
  }
  const over = OVER[invite.status];
  if (over) return <NoInvitation>{over} Ask {sayInviter(invite)} for a new one.</NoInvitation>;
  const isTheirs = session.status !== "signed_out" &&
    session.email.toLowerCase() === invite.email.toLowerCase();
  return (
    <SessionFrame title={`Join ${invite.organization.name}`} description={<Words invite={invite} />}>
      {session.status === "signed_out"
        ? <SignInFirst token={token} />
        : isTheirs
        ? <Accept token={token} />
        : <OtherAccount email={session.email} invited={invite.email} />}
    </SessionFrame>
  );
}

function Words({ invite }: { invite: InvitePreview }) {
  return (
    <>
      <bdi>{sayInviter(invite)}</bdi> invites you to <bdi>{invite.organization.name}</bdi> as{" "}
      {capital(invite.role)}. The invitation is for <bdi>{invite.email}</bdi>.
    </>
  );
}

function sayInviter({ invited_by, organization }: InvitePreview): string {
  return invited_by?.full_name ?? invited_by?.email ?? `an owner of ${organization.name}`;
}

function NoInvitation({ children }: { children: ReactNode }) {
  return (
    <SessionFrame title="This invitation no longer works">
      <p className="text-[13px] text-muted">{children}</p>
      <Link to="/sign-in" className={buttonClass()}>Go to sign-in</Link>
    </SessionFrame>
  );
}

function SignInFirst({ token }: { token: string }) {
  const { api } = useServices();
  const next = { next: INVITE_PAGE_PATH };
  const mail = useMutation({ mutationFn: () => api.call(remailInvite, { body: { token } }) });
  return (
    <div className="grid gap-2">
      <Fault error={mail.error} />
      {mail.isSuccess && <Callout tone="good">{mail.data.message}</Callout>}
      <Link to="/sign-up" search={next} className={buttonClass({ look: "primary" })}>Create an account</Link>
      <Link to="/sign-in" search={next} className={buttonClass()}>I have an account</Link>
      <Button look="ghost" busy={mail.isPending} onClick={() => mail.mutate()}>Send me the link again</Button>
    </div>
  );
}

function OtherAccount({ email, invited }: { email: string; invited: string }) {
  const { session } = useServices();
  return (
    <>
      <Callout tone="info">
        You are signed in as <bdi>{email}</bdi>. Sign in as <bdi>{invited}</bdi> to join.
      </Callout>
      <Button look="primary" onClick={() => session.signOut()}>Use another account</Button>
    </>
  );
}

function Accept({ token }: { token: string }) {
  const { api, session } = useServices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => api.call(acceptInvite, { body: { token } }),
    onSuccess: async ({ has_password }) => {
      pendingInvite.forget();
      await queries.resetQueries();
      if (has_password) navigate({ to: "/drifts", replace: true });
      else navigate({ to: "/reset-password", search: { welcome: true }, replace: true });
    },
  });
  return (
    <>
      <Fault error={accept.error} />
      <div className="grid gap-2">
        <Button look="primary" busy={accept.isPending} onClick={() => accept.mutate()}>
          Accept invitation
        </Button>
        <Button onClick={() => session.signOut()}>Use another account</Button>
      </div>
    </>
  );
}
