/** Pending invitations. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import {
  cancelInvite,
  type Invite,
  type InviteSent,
  listInvites,
  resendInvite,
} from "../../../shared/contracts/team.ts";
import { Fault } from "../api/fault.tsx";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card } from "../ui/page.tsx";
import { Table } from "../ui/table.tsx";

const Link = late(() => import("./invite_link.tsx").then((m) => m.InviteLink));

/** The list; nothing at all when there are none. */
export function PendingInvites({ may }: { may: boolean }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [sent, setSent] = useState<InviteSent>();
  const invites = useQuery({
    queryKey: ["invites"],
    queryFn: async ({ signal }) =>
      await Array.fromAsync(api.items(listInvites, { query: { status: "pending" } }, { signal })),
  });
  const refresh = () => queries.invalidateQueries({ queryKey: ["invites"] });
  const cancel = useMutation({
    mutationFn: (invite: Invite) => api.call(cancelInvite, { params: { id: invite.id } }),
    onSettled: refresh,
  });
  const resend = useMutation({
    mutationFn: (invite: Invite) => api.call(resendInvite, { params: { id: invite.id } }),
    gcTime: 0,
    onSuccess: setSent,
    onSettled: refresh,
  });
  const fault = faultOf(invites);
  if (fault) {
    return (
      <Card title="Invitations">
        <ErrorState error={fault} onRetry={() => invites.refetch()} />
      </Card>
    );
  }
  if (!invites.data?.length) return null;
  const failure = cancel.error ?? resend.error;
  const busy = cancel.isPending || resend.isPending;
  return (
    <Card title="Invitations">
      {failure && (
        <div className="p-3">
          <Fault error={failure} />
        </div>
      )}
      <Table
        label="Invitations"
        rows={invites.data}
        columns={[
          {
            heading: "Email",
            cell: (invite) => (
              <span id={`invite-${invite.id}`} className="block truncate font-medium" title={invite.email}>
                {invite.email}
              </span>
            ),
          },
          { heading: "Role", from: "sm", className: "w-24", cell: ({ role }) => capital(role) },
          {
            heading: "Expires",
            from: "md",
            className: "w-30",
            cell: ({ expires_at }) => <Moment time={expires_at} />,
          },
          {
            heading: "Actions",
            hideHeading: true,
            className: "w-32 text-right sm:w-50",
            cell: (invite) =>
              may && (
                <span className="inline-flex gap-1 max-sm:flex-col max-sm:items-end">
                  <Button
                    size="sm"
                    look="ghost"
                    disabled={busy}
                    aria-describedby={`invite-${invite.id}`}
                    onClick={() => resend.mutate(invite)}
                  >
                    Send again
                  </Button>
                  <Button
                    size="sm"
                    look="danger-quiet"
                    disabled={busy}
                    aria-describedby={`invite-${invite.id}`}
                    onClick={() => cancel.mutate(invite)}
                  >
                    Cancel
                  </Button>
                </span>
              ),
          },
        ]}
      />
      <Suspense>{sent && <Link sent={sent} onClose={() => setSent(undefined)} />}</Suspense>
    </Card>
  );
}
