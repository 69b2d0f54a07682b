/** Filters kept under a name, in this browser. */
import { Bookmark, Trash2 } from "lucide-react";
import { useState } from "react";
import { type DriftSearch, toDriftSearch } from "../app/search.ts";
import { DropMenu, MenuAction } from "../ui/menu.tsx";

const KEY = "infraaudit.drift_filters";
const EMPTY: DriftSearch = {
  severity: undefined,
  type: undefined,
  status: undefined,
  q: undefined,
  resource_id: undefined,
  group: undefined,
  ignored: undefined,
};

interface Saved {
  name: string;
  search: DriftSearch;
}

/** A menu of the saved filters; the present ones can be added. */
export function SavedFilters({ search, onFilter }: {
  search: DriftSearch;
  onFilter: (change: DriftSearch) => void;
}) {
  const [saved, setSaved] = useState(read);
  const keep = (next: Saved[]) => {
    setSaved(next);
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Storage is full or forbidden: they last as long as the view.
    }
  };
  const { page: _, ...present } = search;
  const name = sayFilter(present);
  const isSaved = saved.some((one) => one.name === name);
  return (
    <span className="ml-auto">
      <DropMenu
        look="ghost"
        button={
          <>
            <Bookmark aria-hidden />
            Saved
          </>
        }
      >
        {saved.length === 0 && name === "" && (
          <p className="max-w-56 px-2.5 py-1.5 text-[13px] text-muted">
            Filter the list, then save the filters here.
          </p>
        )}
        {saved.map((one) => (
          <div key={one.name} className="flex items-center">
            <MenuAction onClick={() => onFilter({ ...EMPTY, ...one.search })}>{one.name}</MenuAction>
            <span>
              <MenuAction
                stays
                label={`Forget ${one.name}`}
                onClick={() => keep(saved.filter(({ name }) => name !== one.name))}
              >
                <Trash2 aria-hidden />
              </MenuAction>
            </span>
          </div>
        ))}
        {name !== "" && !isSaved && (
          <MenuAction onClick={() => keep([...saved, { name, search: present }])}>Save “{name}”</MenuAction>
        )}
      </DropMenu>
    </span>
  );
}

function read(): Saved[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter(({ name }) => typeof name === "string")
      .map(({ name, search }) => ({ name, search: toDriftSearch(Object(search)) }));
  } catch {
    return [];
  }
}

/** `Critical · security · “bucket”`. */
function sayFilter({ severity, type, status, q, resource_id, group }: DriftSearch): string {
  const parts = [
    severity,
    type,
    status === "all" ? "any status" : status,
    q && `“${q}”`,
    resource_id && `resource ${resource_id}`,
    group && `by ${group}`,
  ].filter(Boolean).join(" · ");
  return parts.charAt(0).toUpperCase() + parts.slice(1);
}
