/** Filters above a list. */
import { Search } from "lucide-react";
import { type ReactNode, type Ref, useEffect, useRef, useState } from "react";
import { Choice } from "./field.tsx";

/** A row of filters. */
export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <div role="search" className="flex flex-wrap items-center gap-2 border-b px-4 py-2.5 print:hidden">
      {children}
    </div>
  );
}

/** A filter of a closed list; the first choice takes the filter away. */
export function FilterChoice<Value extends string>({ label, all, value, options, onChange }: {
  label: string;
  all: string;
  value: Value | undefined;
  options: readonly (Value | { value: Value; label: string })[];
  onChange: (value: Value | undefined) => void;
}) {
  const choices = options.map((option) =>
    typeof option === "string" ? { value: option, label: capital(option) } : option
  );
  return (
    <Choice
      aria-label={label}
      className="max-sm:min-w-32 max-sm:flex-1"
      value={value ?? ""}
      options={[{ value: "", label: all }, ...choices]}
      onChange={(chosen) => onChange((chosen || undefined) as Value | undefined)}
    />
  );
}

const TYPING_PAUSE_MS = 250;

/** A filter of free text; it takes effect when typing pauses. */
export function FilterText({ label, value, onChange, field }: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  field?: Ref<HTMLInputElement>;
}) {
  const [text, setText] = useState(value ?? "");
  const said = useRef(value ?? "");
  useEffect(() => {
    // The address changed by other means, such as "back".
    if ((value ?? "") !== said.current) setText(value ?? "");
    said.current = value ?? "";
  }, [value]);
  useEffect(() => {
    if (text.trim() === said.current) return;
    const timer = setTimeout(() => {
      said.current = text.trim();
      onChange(text.trim() || undefined);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return (
    <label className="relative max-sm:w-full sm:w-64">
      <span className="sr-only">{label}</span>
      <Search aria-hidden className="absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-faint" />
      <input
        ref={field}
        type="search"
        value={text}
        placeholder={label}
        onChange={(event) => setText(event.target.value)}
        className="h-8 w-full rounded-md border border-line-strong bg-surface pr-2 pl-8 text-[13px] shadow-card outline-offset-0 max-sm:h-10 max-sm:text-base"
      />
    </label>
  );
}

/** `Active` of `active`. */
export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
