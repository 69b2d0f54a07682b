/** A text that is shown once, to be copied. */
import { CopyButton } from "./copy_button.tsx";

/** The text with its name and a copy button. */
export function Secret({ label, copy, text }: { label: string; copy: string; text: string }) {
  return (
    <section className="grid min-w-0 gap-1.5" aria-label={label}>
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-[13px] font-medium">{label}</h3>
        <CopyButton text={text} label={copy} />
      </div>
      <pre
        tabIndex={0}
        className="rounded-md border bg-sunken px-3 py-2.5 font-mono text-xs leading-5 break-all whitespace-pre-wrap select-all"
      >
        {text}
      </pre>
    </section>
  );
}
