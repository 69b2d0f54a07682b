/** What an import did, or would do, in numbers. */
import type { ImportResult } from "../../../shared/contracts/imports.ts";
import { sayCount, sayNumber } from "../ui/numbers.ts";

const PARTS = ["created", "updated", "unchanged", "drifted", "deleted"] as const;

/** The numbers. */
export function ImportCounts({ result }: { result: ImportResult }) {
  return (
    <>
      <dl className="grid grid-cols-5 gap-2 text-center max-sm:grid-cols-3">
        {PARTS.map((part) => (
          <div key={part} className="flex flex-col-reverse gap-0.5 rounded-md bg-sunken px-1 py-2">
            <dt className="text-xs text-muted">{part}</dt>
            <dd className="text-lg font-semibold tabular-nums">{sayNumber(result[part])}</dd>
          </div>
        ))}
      </dl>
      {(result.ignored > 0 || (result.risks ?? 0) > 0) && (
        <p className="text-[13px] text-muted">
          {result.ignored > 0 && `Ignore rules cover ${sayCount(result.ignored, "drift")}. `}
          {(result.risks ?? 0) > 0 &&
            `New resources bring ${sayCount(result.risks!, "dangerous setting")} with them.`}
        </p>
      )}
    </>
  );
}
