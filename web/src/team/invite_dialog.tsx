/** Invites a person by email. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Role } from "../../../shared/contracts/permissions.ts";
import { CreateInvite, createInvite } from "../../../shared/contracts/team.ts";
import { fieldFaults } from "../api/explain.ts";
import { Fault } from "../api/fault.tsx";
import { faultsOf } from "../api/faults.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ChoiceField, TextField } from "../ui/field.tsx";
import { InviteLink } from "./invite_link.tsx";
import { ROLE_OPTIONS } from "./role_choice.tsx";

/** Asks whom to invite; afterwards says that the mail is under way, and gives the link. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("user");
  const [faults, setFaults] = useState<Record<string, string>>({});
  const invite = useMutation({
    mutationFn: (body: { email: string; role: Role }) => api.call(createInvite, { body }),
    // The answer holds the link: it must not stay in the cache of past mutations.
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["invites"] }),
  });
  if (invite.data) return <InviteLink sent={invite.data} onClose={onClose} />;
  const shown = { ...fieldFaults(invite.error), ...faults };
  return (
    <Dialog title="Invite to the team" description="The link works for seven days." onClose={onClose}>
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const checked = CreateInvite.safeParse({ email, role });
          setFaults(faultsOf(checked));
          if (checked.success) invite.mutate(checked.data);
        }}
      >
        <Fault error={invite.error} />
        <TextField
          label="Email"
          type="email"
          autoComplete="off"
          value={email}
          onChange={setEmail}
          error={shown.email}
        />
        <ChoiceField
          label="Role"
          options={ROLE_OPTIONS}
          value={role}
          onChange={(value) => setRole(value as Role)}
          error={shown.role}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={invite.isPending}>Send invitation</Button>
        </div>
      </form>
    </Dialog>
  );
}
