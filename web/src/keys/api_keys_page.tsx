/** Settings → API Keys: the list, and the ways to make, edit, rotate and revoke a key. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { useCallback } from "react";
import { type ApiKey, listApiKeys } from "../../../shared/contracts/api_keys.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState, ErrorState, faultOf } from "../ui/feedback.tsx";
import { FilterBar, FilterText } from "../ui/filter_bar.tsx";
import { sayCount } from "../ui/numbers.ts";
import { Card, Page } from "../ui/page.tsx";
import { Table } from "../ui/table.tsx";
import { keyColumns } from "./key_columns.tsx";
import { useKeyDialogs } from "./key_dialogs.tsx";
import { isEnded } from "./key_status.tsx";

/** The view of the API keys. */
export function ApiKeysPage() {
  const { api } = useServices();
  const may = useCan("api_keys:write");
  const { create, actions, dialog } = useKeyDialogs();
  const search = useSearch({ from: "/app/settings/api-keys" });
  const navigate = useNavigate({ from: "/settings/api-keys" });
  const filterText = useCallback(
    (q: string | undefined) => navigate({ search: (old) => ({ ...old, q }) }),
    [navigate],
  );
  const keys = useQuery({
    queryKey: ["api-keys"],
    queryFn: ({ signal }) => api.call(listApiKeys, {}, { signal }),
  });
  const fault = faultOf(keys);
  const found = keys.data?.filter((key) => isFound(key, search.q));
  const ended = found?.filter(isEnded).length ?? 0;
  const shown = found && sorted(search.ended ? found : found.filter((key) => !isEnded(key)));
  const button = may && (
    <Button look="primary" icon={<Plus aria-hidden />} onClick={create}>
      New key
    </Button>
  );
  return (
    <Page
      title="API Keys"
      description="For pipelines and scripts. A key can do what its permissions and its creator's role both allow."
      actions={button}
    >
      <Card>
        {fault
          ? <ErrorState error={fault} onRetry={() => keys.refetch()} />
          : keys.data?.length === 0
          ? (
            <EmptyState icon={<KeyRound />} title="No API keys yet">
              <p>
                {may
                  ? "Create one for your pipeline. You see the key once."
                  : "Keys that people of your organization create appear here."}
              </p>
              {may && <Button className="mt-4" onClick={create}>Create a key</Button>}
            </EmptyState>
          )
          : (
            <>
              <FilterBar>
                <FilterText label="Search keys" value={search.q} onChange={filterText} />
                {ended > 0 && (
                  <label className="flex items-center gap-2 text-[13px] text-muted">
                    <input
                      type="checkbox"
                      className="size-4 accent-accent"
                      checked={search.ended ?? false}
                      onChange={() =>
                        navigate({ search: (old) => ({ ...old, ended: old.ended ? undefined : true }) })}
                    />
                    Show {sayCount(ended, "ended key")}
                  </label>
                )}
              </FilterBar>
              {shown?.length === 0
                ? (
                  <EmptyState icon={<KeyRound />} title={search.q ? "No key matches" : "No working keys"}>
                    {search.q ? "Change the search to see more." : "All keys have ended."}
                  </EmptyState>
                )
                : (
                  <Table
                    label="API keys"
                    columns={keyColumns(may, actions)}
                    expected={3}
                    tall
                    rows={shown}
                    dim={isEnded}
                    onOpen={({ id }) =>
                      navigate({ to: "/settings/api-keys/$id", params: { id: String(id) } })}
                  />
                )}
            </>
          )}
      </Card>
      {dialog}
    </Page>
  );
}

function isFound({ name, prefix, created_by }: ApiKey, q: string | undefined): boolean {
  const words = q?.toLowerCase();
  return !words || [name, prefix, created_by?.email].some((text) => text?.toLowerCase().includes(words));
}

/** Keys that work first, the newest on top. */
function sorted(keys: ApiKey[]): ApiKey[] {
  return [...keys].sort((a, b) =>
    Number(isEnded(a)) - Number(isEnded(b)) || b.created_at.localeCompare(a.created_at)
  );
}
