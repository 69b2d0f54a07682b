/** Which drifts are listed: all of it is in the address, and kept under a name for the next time. */
import type { Ref } from "react";
import { useCallback } from "react";
import type { DriftSearch } from "../app/search.ts";
import { FilterBar, FilterChoice, FilterText } from "../ui/filter_bar.tsx";
import { SEVERITIES } from "../ui/severity.tsx";
import { SavedFilters } from "./saved_filters.tsx";

/** The filters above the list. */
export function DriftFilters({ search, onFilter, searchField }: {
  search: DriftSearch;
  onFilter: (change: DriftSearch) => void;
  searchField: Ref<HTMLInputElement>;
}) {
  const onText = useCallback((q: string | undefined) => onFilter({ q }), [onFilter]);
  return (
    <FilterBar>
      <FilterText label="Search drifts" value={search.q} onChange={onText} field={searchField} />
      <FilterChoice
        label="Status"
        all="Open"
        value={search.status === "open" ? undefined : search.status}
        options={["detected", "investigating", "resolved", { value: "all", label: "Any status" }] as const}
        onChange={(status) => onFilter({ status })}
      />
      <FilterChoice
        label="Severity"
        all="Any severity"
        value={search.severity}
        options={SEVERITIES}
        onChange={(severity) => onFilter({ severity })}
      />
      <FilterChoice
        label="Type"
        all="All types"
        value={search.type}
        options={["security", "compliance", "configuration"]}
        onChange={(type) => onFilter({ type })}
      />
      <FilterChoice
        label="Group by"
        all="No groups"
        value={search.group}
        options={[
          { value: "resource", label: "By resource" },
          { value: "type", label: "By resource type" },
          { value: "severity", label: "By severity" },
        ]}
        onChange={(group) => onFilter({ group })}
      />
      <SavedFilters search={search} onFilter={onFilter} />
    </FilterBar>
  );
}
