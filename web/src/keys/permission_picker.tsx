/** Chooses the permissions of a key: a preset, or one by one. */
import type { Permission } from "../../../shared/contracts/permissions.ts";
import { sayPermission } from "../api/explain.ts";
import { RadioCard } from "../ui/radio_card.tsx";
import { type Preset, PRESETS, scopesOf } from "./key_choices.ts";

/** Radio buttons for the presets; with "Custom" a box for each permission that the person has. */
export function PermissionPicker({ mine, preset, onPreset, custom, onCustom }: {
  mine: readonly Permission[];
  preset: Preset;
  onPreset: (preset: Preset) => void;
  custom: readonly Permission[];
  onCustom: (custom: Permission[]) => void;
}) {
  const chosen = scopesOf(preset, mine, custom);
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-[13px] font-medium">Permissions</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {PRESETS.map(({ id, name, hint }) => (
          <RadioCard
            key={id}
            group="preset"
            name={name}
            hint={hint}
            checked={preset === id}
            onChange={() => {
              // What the preset stood for is where choosing one by one begins.
              if (id === "custom" && custom.length === 0) onCustom(chosen);
              onPreset(id);
            }}
          />
        ))}
      </div>
      {preset === "custom"
        ? <PermissionBoxes choices={mine} chosen={custom} onChange={onCustom} />
        : <p className="font-mono text-xs leading-5 text-muted">{chosen.join("  ")}</p>}
    </fieldset>
  );
}

/** A box for each permission. */
export function PermissionBoxes({ choices, chosen, onChange }: {
  choices: readonly Permission[];
  chosen: readonly Permission[];
  onChange: (chosen: Permission[]) => void;
}) {
  const toggle = (permission: Permission) =>
    onChange(
      chosen.includes(permission) ? chosen.filter((one) => one !== permission) : [...chosen, permission],
    );
  return (
    <div className="grid gap-x-4 gap-y-1 rounded-md border p-3 sm:grid-cols-2">
      {choices.map((permission) => (
        <label key={permission} className="flex items-center gap-2.5 py-1 text-[13px] max-sm:py-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={chosen.includes(permission)}
            onChange={() =>
              toggle(permission)}
          />
          <span className="grid">
            <span className="font-mono text-xs">{permission}</span>
            <span className="text-xs text-muted first-letter:uppercase">{sayPermission(permission)}</span>
          </span>
        </label>
      ))}
    </div>
  );
}
