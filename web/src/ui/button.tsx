/** Buttons, and links that look like them. */
import { LoaderCircle } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { classNames } from "./class_names.ts";

const LOOKS = {
  primary: "bg-ink text-on-ink shadow-card hover:opacity-88",
  secondary: "border bg-surface text-ink shadow-card hover:bg-hover border-line-strong",
  ghost: "text-muted hover:bg-hover hover:text-ink",
  danger: "bg-danger-fill text-on-danger shadow-card hover:opacity-88",
  "danger-quiet": "text-danger hover:bg-danger-soft",
};
const SIZES = { sm: "h-7 px-2 text-[13px] max-sm:h-9", md: "h-8 px-3 text-[13px] max-sm:h-10" };

/** How a button looks. */
export interface ButtonLook {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
}

/** The classes of a button, for links and for parts of other libraries. */
export function buttonClass({ look = "secondary", size = "md" }: ButtonLook = {}): string {
  return classNames(
    "inline-flex shrink-0 select-none items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap",
    "transition-[background-color,opacity,color] duration-100 disabled:opacity-50 [&_svg]:size-4",
    LOOKS[look],
    SIZES[size],
  );
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & ButtonLook & {
  /** Work is going on: the button can't be pressed and says so. */
  busy?: boolean;
  icon?: ReactNode;
};

/** A button; `type="button"` unless told otherwise. */
export function Button({ look, size, busy, icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={classNames(buttonClass({ look, size }), className)}
    >
      {busy ? <LoaderCircle aria-hidden className="animate-spin" /> : icon}
      {children}
    </button>
  );
}
