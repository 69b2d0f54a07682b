/** Changes a person's role. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Role, ROLES } from "../../../shared/contracts/permissions.ts";
import { changeRole, type Member } from "../../../shared/contracts/team.ts";
import { explainDeed } from "../api/explain.ts";
import { useServices } from "../app/services.ts";
import { Choice, FieldError } from "../ui/field.tsx";
import { capital } from "../ui/filter_bar.tsx";

/** The roles as choices, the most powerful first. */
export const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: capital(role) }));

/** A choice that takes effect at once; a refusal puts the old role back and says why. */
export function RoleChoice({ member }: { member: Member }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (role: Role) => api.call(changeRole, { params: { user_id: member.id }, body: { role } }),
    onSettled: () => ["team", "me"].forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  return (
    <span className="grid gap-1">
      <Choice
        aria-label={`Role of ${member.email}`}
        className="w-28"
        disabled={change.isPending}
        value={change.isPending ? change.variables : member.role}
        options={ROLE_OPTIONS}
        onChange={(role) => change.mutate(role as Role)}
      />
      {change.isError && (
        <span role="alert" className="max-w-48">
          <FieldError>{explainDeed(change.error)}</FieldError>
        </span>
      )}
    </span>
  );
}
