/** A file that was tried: what its import would do, and what can be said about it before it is done. */
import type { ImportResult } from "../../../shared/contracts/imports.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { ImportCounts } from "./import_result.tsx";
import type { ImportChoices } from "./use_import.ts";

const MOST_CHARACTERS = 256;

/**
 * The numbers and the choices.
 * @param result absent once the choices are other than those it was counted with
 */
export function ImportTrial({ name, result, choices, onChoices, onTry, onImport }: {
  name: string;
  result: ImportResult | undefined;
  choices: ImportChoices;
  onChoices: (choices: ImportChoices) => void;
  onTry: () => void;
  onImport: () => void;
}) {
  const source = choices.source.trim();
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (result) onImport();
        else onTry();
      }}
    >
      {result && (
        <div role="status" className="grid gap-2">
          <p className="text-[13px]">
            Importing <bdi className="font-medium break-all">{name}</bdi> would make these resources:
          </p>
          <ImportCounts result={result} />
        </div>
      )}
      <TextField
        label="Source (optional)"
        placeholder="production"
        maxLength={MOST_CHARACTERS}
        hint="What the file shows, such as one workspace. A raw state brings its own."
        value={choices.source}
        onChange={(source) => onChoices({ ...choices, source, full: choices.full && source.trim() !== "" })}
      />
      <Tick
        label="This is all of the source"
        hint={source
          ? `What “${source}” had before and lacks here is marked deleted.`
          : "Name the source first."}
        disabled={source === ""}
        checked={choices.full}
        onChange={(full) =>
          onChoices({ ...choices, full, allow_mass_delete: full && choices.allow_mass_delete })}
      />
      {choices.full && (
        <Tick
          label="Even if more than half of it is gone"
          hint="Without this, such a file is refused: more often it is the wrong one."
          checked={choices.allow_mass_delete}
          onChange={(allow_mass_delete) => onChoices({ ...choices, allow_mass_delete })}
        />
      )}
      <div className="flex justify-end">
        <Button type="submit" look="primary">{result ? "Import" : "See what it would do"}</Button>
      </div>
    </form>
  );
}

function Tick({ label, hint, checked, disabled, onChange }: {
  label: string;
  hint: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="flex items-start gap-2 text-[13px]">
      <input
        type="checkbox"
        className="mt-0.5"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        <span className="block text-muted">{hint}</span>
      </span>
    </label>
  );
}
