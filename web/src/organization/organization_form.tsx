/** What an owner may change of the organization: its name, and whether everybody needs a second factor. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  getOrganization,
  type Organization,
  updateOrganization,
} from "../../../shared/contracts/organization.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";

/** The form; nothing while the organization is not known. */
export function OrganizationForm() {
  const { api } = useServices();
  const organization = useQuery({
    queryKey: ["organization"],
    queryFn: ({ signal }) => api.call(getOrganization, {}, { signal }),
  });
  return organization.data ? <Form key={organization.data.id} organization={organization.data} /> : null;
}

function Form({ organization }: { organization: Organization }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [name, setName] = useState(organization.name);
  const change = useMutation({
    mutationFn: (body: { name?: string; require_mfa?: boolean }) => api.call(updateOrganization, { body }),
    onSuccess: (answer) => {
      queries.setQueryData(["organization"], answer);
      return Promise.all([
        queries.invalidateQueries({ queryKey: ["me"] }),
        queries.invalidateQueries({ queryKey: ["organizations"] }),
      ]);
    },
  });
  return (
    <form
      className="grid max-w-md gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ name });
      }}
    >
      <Fault error={change.error} />
      <TextField label="Organization's name" required maxLength={100} value={name} onChange={setName} />
      <div>
        <Button
          type="submit"
          busy={change.isPending}
          disabled={!name.trim() || name === organization.name}
        >
          Rename
        </Button>
      </div>
      <label className="flex items-start gap-2 text-[13px]">
        <input
          type="checkbox"
          className="mt-0.5"
          disabled={change.isPending}
          checked={organization.require_mfa}
          onChange={(event) => change.mutate({ require_mfa: event.target.checked })}
        />
        <span>
          Everybody needs a second factor
          <span className="block text-muted">
            Whoever has none is asked to set one up before anything else. API keys go on working.
          </span>
        </span>
      </label>
    </form>
  );
}
