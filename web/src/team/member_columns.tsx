/** The columns of the team's list. */
import type { Member } from "../../../shared/contracts/team.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { Moment } from "../ui/moment.tsx";
import { useNarrow } from "../ui/narrow.ts";
import type { Column } from "../ui/table.tsx";
import { RoleChoice } from "./role_choice.tsx";

/**
 * The columns.
 * @param may whether changing the team is offered
 * @param myId one's own id; leaving is offered to everybody
 */
export function memberColumns({ may, myId, onRemove }: {
  may: boolean;
  myId: number | undefined;
  onRemove: (member: Member) => void;
}): Column<Member>[] {
  return [
    {
      heading: "Person",
      cell: (member) => <Person member={member} may={may} isMe={member.id === myId} />,
    },
    {
      heading: "Role",
      from: "md",
      className: "w-36",
      cell: (member) => may ? <RoleChoice member={member} /> : capital(member.role),
    },
    {
      heading: "Joined",
      from: "md",
      className: "w-32",
      cell: ({ joined_at }) => <Moment time={joined_at} as="day" />,
    },
    {
      heading: "Actions",
      hideHeading: true,
      className: "w-26 text-right",
      cell: (member) =>
        (may || member.id === myId) && (
          <Button
            size="sm"
            look="danger-quiet"
            aria-describedby={`member-${member.id}`}
            onClick={() => onRemove(member)}
          >
            {member.id === myId ? "Leave" : "Remove"}
          </Button>
        ),
    },
  ];
}

function Person({ member, may, isMe }: { member: Member; may: boolean; isMe: boolean }) {
  const narrow = useNarrow();
  return (
    <span className="grid min-w-0 gap-0.5">
      <span className="flex items-center gap-2">
        <span id={`member-${member.id}`} className="truncate font-medium">
          {member.full_name ?? member.email}
        </span>
        {isMe && <Badge dot={false}>You</Badge>}
      </span>
      {member.full_name && <span className="truncate text-xs text-muted">{member.email}</span>}
      {narrow && (
        <span className="mt-1 text-xs text-muted">
          {may ? <RoleChoice member={member} /> : capital(member.role)}
        </span>
      )}
    </span>
  );
}
