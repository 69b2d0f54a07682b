/** The second factor beside the password: the app's code, or a recovery code when the phone is lost. */
import { CodeField } from "../security/code_field.tsx";
import { TextField } from "../ui/field.tsx";
import { LINK } from "./session_frame.tsx";

/** Which of the two is asked for. */
type Kind = "totp" | "recovery_code";

/** One field, and the way to the other. */
export function SecondFactorField({ kind, value, onChange, onKind }: {
  kind: Kind;
  value: string;
  onChange: (value: string) => void;
  onKind: (kind: Kind) => void;
}) {
  const isApp = kind === "totp";
  return (
    <div className="grid gap-2">
      {isApp ? <CodeField value={value} onChange={onChange} autoFocus /> : (
        <TextField
          label="Recovery code"
          required
          autoFocus
          autoComplete="off"
          hint="It is used up, and removes your second factor: set up a new one afterwards."
          value={value}
          onChange={onChange}
        />
      )}
      <button
        type="button"
        className={`${LINK} justify-self-start text-[13px]`}
        onClick={() => onKind(isApp ? "recovery_code" : "totp")}
      >
        {isApp ? "Use a recovery code" : "Use the app"}
      </button>
    </div>
  );
}
