/** A few named values of one thing. */
import type { ReactNode } from "react";
import { CopyButton } from "./copy_button.tsx";

/** The frame of the values. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-2 gap-x-6 gap-y-4 p-4 text-[13px] sm:grid-cols-4">{children}</dl>;
}

/** One named value. @param wide takes a line of its own */
export function Fact({ name, wide, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={`grid content-start gap-1.5 ${wide ? "col-span-full" : ""}`}>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

/** A name from elsewhere, to be copied there. */
export function CopiedFact({ name, text }: { name: string; text: string }) {
  return (
    <Fact name={name} wide>
      <span className="flex min-w-0 flex-wrap items-center gap-x-2">
        <span className="min-w-0 font-mono text-xs break-all">{text}</span>
        <CopyButton text={text} label={`Copy ${name.toLowerCase()}`} look="ghost" hideLabel />
      </span>
    </Fact>
  );
}
