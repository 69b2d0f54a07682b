/** Copies a text and says that it did. */
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonLook } from "./button.tsx";

/** A button that copies `text`. */
export function CopyButton({ text, label = "Copy", hideLabel, look, size = "sm" }: ButtonLook & {
  text: string;
  label?: string;
  /** The icon says it, for who sees it. */
  hideLabel?: boolean;
}) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(() => setState("copied"), () => setState("refused"));
  return (
    <>
      <Button look={look} size={size} onClick={copy} icon={state === "copied" ? <Check /> : <Copy />}>
        <span className={hideLabel ? "sr-only" : undefined}>{state === "copied" ? "Copied" : label}</span>
      </Button>
      <span role="status" className="sr-only">
        {state === "copied" && "Copied to the clipboard"}
        {state === "refused" && "The browser refused to copy: select the text and copy it yourself"}
      </span>
    </>
  );
}
