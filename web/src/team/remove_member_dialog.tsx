/** The question before a person is removed from the team. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Member, removeMember } from "../../../shared/contracts/team.ts";
import { useServices } from "../app/services.ts";
import { Confirm } from "../ui/dialog.tsx";

/** Asks, and removes. @param isMe the person leaves on their own */
export function RemoveMemberDialog({ member, isMe, onClose }: {
  member: Member;
  isMe: boolean;
  onClose: () => void;
}) {
  const { api } = useServices();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(removeMember, { params: { user_id: member.id } }),
    onSuccess: async () => {
      onClose();
      if (isMe) await queries.resetQueries();
      else await queries.invalidateQueries({ queryKey: ["team"] });
    },
  });
  return (
    <Confirm
      title={isMe ? "Leave this organization?" : `Remove ${member.full_name ?? member.email}?`}
      action={isMe ? "Leave" : "Remove"}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onCancel={onClose}
    >
      {isMe ? "Your" : "Their"} sessions and API keys lose this organization from the next request on.
    </Confirm>
  );
}
