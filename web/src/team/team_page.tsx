/** Settings → Team: the people, their roles, and who is invited. */
import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { Suspense, useState } from "react";
import { listTeam, type Member } from "../../../shared/contracts/team.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { useCan, useMe } from "../session/use_session.ts";
import { Button } from "../ui/button.tsx";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { Card, Page } from "../ui/page.tsx";
import { Table } from "../ui/table.tsx";
import { memberColumns } from "./member_columns.tsx";
import { PendingInvites } from "./pending_invites.tsx";

const Invite = late(() => import("./invite_dialog.tsx").then((m) => m.InviteDialog));
const Remove = late(() => import("./remove_member_dialog.tsx").then((m) => m.RemoveMemberDialog));

/** The view of the team. */
export function TeamPage() {
  const { api } = useServices();
  const may = useCan("team:write");
  const me = useMe();
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Member>();
  const team = useQuery({
    queryKey: ["team"],
    queryFn: async ({ signal }) => await Array.fromAsync(api.items(listTeam, {}, { signal })),
  });
  const fault = faultOf(team) ?? faultOf(me);
  return (
    <Page
      title="Team"
      description="Who works in this organization, and what their role allows."
      actions={may && (
        <Button
          look="primary"
          icon={<UserPlus aria-hidden />}
          onClick={() => setInviting(true)}
        >
          Invite
        </Button>
      )}
    >
      <Card>
        {fault
          ? <ErrorState error={fault} onRetry={() => Promise.all([me.refetch(), team.refetch()])} />
          : (
            <Table
              label="Team"
              columns={memberColumns({ may, myId: me.data?.id, onRemove: setRemoving })}
              rows={me.data && team.data}
              expected={4}
              tall
            />
          )}
      </Card>
      {/* After the team, whose rows would push it down. */}
      {me.data && team.data && <PendingInvites may={may} />}
      <Suspense>
        {inviting && <Invite onClose={() => setInviting(false)} />}
        {removing && (
          <Remove
            member={removing}
            isMe={removing.id === me.data?.id}
            onClose={() => setRemoving(undefined)}
          />
        )}
      </Suspense>
    </Page>
  );
}
