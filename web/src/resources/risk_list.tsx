/** Dangerous settings, one below the other: how bad, which field, why, and what it is set to. */
import type { Risk } from "../../../shared/contracts/risks.ts";
import { SeverityBadge } from "../ui/severity.tsx";

/** The list, worst first as the API has it. @param label what it is of, for screen readers */
export function RiskList({ risks, label }: { risks: readonly Risk[]; label: string }) {
  return (
    <ul aria-label={label} className="divide-y">
      {risks.map((risk) => (
        <li
          key={`${risk.field_path} ${risk.rule ?? risk.reason}`}
          className="flex gap-3 px-4 py-3 text-[13px] max-sm:flex-col max-sm:gap-1.5"
        >
          <span className="w-22 shrink-0">
            <SeverityBadge severity={risk.severity} />
          </span>
          <span className="grid min-w-0 gap-0.5">
            <span className="text-pretty">{risk.reason}</span>
            <span className="font-mono text-xs break-all text-muted">
              {risk.field_path} = {sayValue(risk.value)}
            </span>
            {risk.control && <span className="text-xs text-faint">{risk.control}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

const MOST_CHARACTERS = 160;

function sayValue(value: unknown): string {
  const text = JSON.stringify(value) ?? "not set";
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
