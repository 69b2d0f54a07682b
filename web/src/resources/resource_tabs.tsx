/** The ways to look at the resources: all of them, by where they come from, and what is dangerous. */
import { Link } from "@tanstack/react-router";

const VIEWS = [
  { to: "/resources", name: "All" },
  { to: "/resources/sources", name: "By source" },
  { to: "/resources/risks", name: "Risks" },
] as const;

/** Links to each; the one that is shown says so. */
export function ResourceTabs() {
  return (
    <nav aria-label="Ways to look at resources" className="-mb-1 flex gap-1 print:hidden">
      {VIEWS.map(({ to, name }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          className="flex h-8 items-center rounded-md px-2.5 text-[13px] text-muted transition-colors hover:bg-hover hover:text-ink data-[status=active]:bg-hover data-[status=active]:font-medium data-[status=active]:text-ink max-sm:h-10"
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
