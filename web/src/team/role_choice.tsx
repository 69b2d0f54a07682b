/** Changes a person's role, once that is confirmed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Role, ROLES } from "../../../shared/contracts/permissions.ts";
import { changeRole, type Member } from "../../../shared/contracts/team.ts";
import { useServices } from "../app/services.ts";
import { Confirm } from "../ui/dialog.tsx";
import { Choice } from "../ui/field.tsx";
import { capital } from "../ui/filter_bar.tsx";

/** The roles as choices, the most powerful first. */
export const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: capital(role) }));

const MAY: Record<Role, string> = {
  owner: "do everything, and change the team",
  admin: "do everything but change the team",
  user: "work with resources and drifts, and create API keys of their own",
  viewer: "see resources, drifts and the team",
};

/** A choice that asks before it takes effect; without the yes, the role stays. */
export function RoleChoice({ member }: { member: Member }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [wanted, setWanted] = useState<Role>();
  const change = useMutation({
    mutationFn: (role: Role) => api.call(changeRole, { params: { user_id: member.id }, body: { role } }),
    onSuccess: () => setWanted(undefined),
    onSettled: () => ["team", "me"].forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  const name = member.full_name ?? member.email;
  return (
    <>
      <Choice
        aria-label={`Role of ${member.email}`}
        className="w-28"
        value={wanted ?? member.role}
        options={ROLE_OPTIONS}
        onChange={(role) => setWanted(role as Role)}
      />
      {wanted && wanted !== member.role && (
        <Confirm
          title={`Make ${name} ${wanted === "admin" || wanted === "owner" ? "an" : "a"} ${wanted}?`}
          action="Change role"
          look="primary"
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(wanted)}
          onCancel={() => {
            change.reset();
            setWanted(undefined);
          }}
        >
          {capital(member.role)} → {capital(wanted)}. From their next request on they can{" "}
          {MAY[wanted]}. Their API keys change with it.
        </Confirm>
      )}
    </>
  );
}
