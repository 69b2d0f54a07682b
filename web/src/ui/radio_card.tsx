/** One of a few ways, with a line that explains it. */

/** A radio button in a frame. @param group the radio buttons of one group exclude each other */
export function RadioCard({ group, name, hint, checked, onChange }: {
  group: string;
  name: string;
  hint: string;
  checked: boolean;
  onChange: () => void;
}) {
  return (
    <label className="flex gap-2.5 rounded-md border border-line-strong px-3 py-2 transition-colors hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input
        type="radio"
        name={group}
        className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
        checked={checked}
        onChange={onChange}
      />
      <span className="grid">
        <span className="text-[13px] font-medium">{name}</span>
        <span className="text-xs text-muted">{hint}</span>
      </span>
    </label>
  );
}
