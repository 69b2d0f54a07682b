/** The six digits of an authenticator app. */
import type { Ref } from "react";
import { TextField } from "../ui/field.tsx";

/** A field that phones and password managers fill in by themselves. */
export function CodeField({ value, onChange, ref, autoFocus }: {
  value: string;
  onChange: (value: string) => void;
  ref?: Ref<HTMLInputElement>;
  autoFocus?: boolean;
}) {
  return (
    <TextField
      ref={ref}
      label="Code of your authenticator app"
      inputMode="numeric"
      autoComplete="one-time-code"
      placeholder="123456"
      required
      maxLength={7}
      autoFocus={autoFocus}
      value={value}
      onChange={onChange}
    />
  );
}
