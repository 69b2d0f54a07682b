/** The organization one works in, and the way to another. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Me, updateMe } from "../../../shared/contracts/session.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Choice } from "../ui/field.tsx";
import { listMyOrganizations } from "./my_organizations.ts";

/** Names the active organization; with more than one, offers the others. */
export function OrganizationSwitch({ me }: { me: Me }) {
  const { api, config, session } = useServices();
  const queries = useQueryClient();
  const mine = useQuery({
    queryKey: ["organizations"],
    queryFn: ({ signal }) => listMyOrganizations(config, session, signal),
  });
  const change = useMutation({
    mutationFn: (id: number) => api.call(updateMe, { body: { organization_id: id } }),
    onSuccess: (answer) => {
      queries.setQueryData(["me"], answer);
      // Whatever else was fetched belongs to the organization before.
      return queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
    },
  });
  if (!mine.data || mine.data.length < 2) {
    // As tall as the choice that may take its place.
    return (
      <p className="flex min-h-8 items-center text-sm font-medium max-sm:min-h-10">{me.organization.name}</p>
    );
  }
  return (
    <>
      <Choice
        aria-label="Active organization"
        className="w-full max-w-md"
        disabled={change.isPending}
        value={String(me.organization.id)}
        options={mine.data.map(({ id, name }) => ({ value: String(id), label: name }))}
        onChange={(id) => change.mutate(Number(id))}
      />
      <Fault error={change.error} />
    </>
  );
}
