/** Filters kept under a name, in this browser. */
import { Menu } from "@base-ui/react/menu";
import { Bookmark, Trash2 } from "lucide-react";
import { useState } from "react";
import { type DriftSearch, toDriftSearch } from "../app/search.ts";
import { buttonClass } from "../ui/button.tsx";
import { MENU_ITEM, MENU_POPUP } from "../ui/menu.tsx";

const KEY = "infraaudit.drift_filters";
const EMPTY: DriftSearch = {
  severity: undefined,
  type: undefined,
  status: undefined,
  q: undefined,
  resource_id: undefined,
  group: undefined,
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
    <Menu.Root modal={false}>
      <Menu.Trigger className={`${buttonClass({ look: "ghost" })} ml-auto`}>
        <Bookmark aria-hidden />
        Saved
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-50">
          <Menu.Popup className={MENU_POPUP}>
            {saved.length === 0 && name === "" && (
              <p className="max-w-56 px-2.5 py-1.5 text-[13px] text-muted">
                Filter the list, then save the filters here.
              </p>
            )}
            {saved.map((one) => (
              <div key={one.name} className="flex items-center">
                <Menu.Item
                  className={`${MENU_ITEM} flex-1`}
                  onClick={() => onFilter({ ...EMPTY, ...one.search })}
                >
                  {one.name}
                </Menu.Item>
                <Menu.Item
                  aria-label={`Forget ${one.name}`}
                  className={MENU_ITEM}
                  closeOnClick={false}
                  onClick={() => keep(saved.filter(({ name }) => name !== one.name))}
                >
                  <Trash2 aria-hidden />
                </Menu.Item>
              </div>
            ))}
            {name !== "" && !isSaved && (
              <Menu.Item
                className={MENU_ITEM}
                onClick={() => keep([...saved, { name, search: present }])}
              >
                Save “{name}”
              </Menu.Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
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
