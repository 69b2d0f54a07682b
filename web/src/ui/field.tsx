/** Form fields with label, hint and error tied together for assistive technology. */
import { type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, useId } from "react";
import { ChevronDown, CircleAlert } from "lucide-react";
import { classNames } from "./class_names.ts";

const CONTROL =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink shadow-card outline-offset-0 " +
  "transition-colors hover:border-faint aria-invalid:border-danger max-sm:text-base";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string;
  /** Shown beside the label, such as a link. */
  aside?: ReactNode;
}

interface Wiring {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

/** The frame of one field. `children` gets the attributes that tie the control to its texts. */
export function Field({ label, hint, error, aside, children }: FieldProps & {
  children: (wiring: Wiring) => ReactNode;
}) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-[13px] font-medium">{label}</label>
        {aside}
      </div>
      {children({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {hint && <p id={`${id}-hint`} className="text-[13px] text-muted">{hint}</p>}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

/** What is wrong with a field. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="flex items-start gap-1.5 text-[13px] text-danger">
      <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

type TextFieldProps = FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> & {
  ref?: Ref<HTMLInputElement>;
  value: string;
  onChange: (value: string) => void;
};

/** One line of text. */
export function TextField({ label, hint, error, aside, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error} aside={aside}>
      {(wiring) => (
        <input
          {...rest}
          {...wiring}
          className={classNames(CONTROL, "h-9 max-sm:h-10", rest.className)}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** The email address that one signs in with. */
export function EmailField(props: Omit<TextFieldProps, "label">) {
  return <TextField label="Email" type="email" autoComplete="username" required {...props} />;
}

/** Several lines of text. */
export function TextArea(
  { label, hint, error, aside, value, onChange, rows = 3, placeholder, prose }: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    rows?: number;
    placeholder?: string;
    /** Written for people rather than machines. */
    prose?: boolean;
  },
) {
  return (
    <Field label={label} hint={hint} error={error} aside={aside}>
      {(wiring) => (
        <textarea
          {...wiring}
          rows={rows}
          value={value}
          placeholder={placeholder}
          spellCheck={prose}
          className={classNames(CONTROL, "resize-y py-2 text-[13px]", !prose && "font-mono")}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

type ChoiceProps = Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange"> & {
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
};

/** A native select, so that phones show their own picker. Needs a label around it or `aria-label`. */
export function Choice({ options, onChange, className, ...rest }: ChoiceProps) {
  return (
    <span className={classNames("relative inline-grid", className)}>
      <select
        {...rest}
        className={classNames(CONTROL, "h-8 appearance-none pr-8 text-[13px] max-sm:h-10 max-sm:pr-7")}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-faint"
      />
    </span>
  );
}

/** A native select with a label above it. */
export function ChoiceField({ label, hint, error, aside, ...rest }: FieldProps & ChoiceProps) {
  return (
    <Field label={label} hint={hint} error={error} aside={aside}>
      {(wiring) => <Choice {...rest} {...wiring} className="w-full" />}
    </Field>
  );
}
