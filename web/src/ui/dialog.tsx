/** Dialogs: a form or text over the page, and the question before something that can't be undone. */
import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { Button, buttonClass } from "./button.tsx";
import { Fault } from "../api/fault.tsx";

const VEIL = "fixed inset-0 z-40 bg-veil animate-veil";
const PLACE = "fixed inset-0 z-50 grid items-start justify-items-center overflow-y-auto p-3 sm:p-8";
const BOX =
  "my-auto grid w-full min-w-0 gap-4 rounded-xl border bg-raised p-5 shadow-pop outline-none animate-pop sm:p-6";

/**
 * A dialog with a title.
 * @param onClose absent when it can't be dismissed but by what is in it
 */
export function Dialog({ title, description, onClose, wide, initialFocus, children }: {
  title: string;
  description?: ReactNode;
  onClose?: () => void;
  wide?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
  children: ReactNode;
}) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose?.()} disablePointerDismissal>
      <Base.Portal>
        <Base.Backdrop className={VEIL} />
        <Base.Viewport className={PLACE}>
          <Base.Popup className={`${BOX} ${wide ? "max-w-2xl" : "max-w-lg"}`} initialFocus={initialFocus}>
            <div className="flex items-start justify-between gap-4">
              <div className="grid gap-1">
                <Base.Title className="text-base font-semibold tracking-tight">{title}</Base.Title>
                {description && (
                  <Base.Description className="text-[13px] text-pretty text-muted">
                    {description}
                  </Base.Description>
                )}
              </div>
              {onClose && (
                <Base.Close
                  aria-label="Close"
                  className={`${buttonClass({ look: "ghost", size: "sm" })} -mt-1 -mr-2`}
                >
                  <X aria-hidden />
                </Base.Close>
              )}
            </div>
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** Asks before something is done; the answer that does it is named like the deed. */
export function Confirm({ title, action, look = "danger", busy, error, onConfirm, onCancel, children }: {
  title: string;
  action: string;
  look?: "danger" | "primary";
  busy: boolean;
  error?: unknown;
  onConfirm: () => void;
  onCancel: () => void;
  children: ReactNode;
}) {
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && !busy && onCancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={VEIL} />
        <AlertDialog.Viewport className={PLACE}>
          <AlertDialog.Popup className={`${BOX} max-w-md`}>
            <AlertDialog.Title className="text-base font-semibold tracking-tight break-words">
              {title}
            </AlertDialog.Title>
            <AlertDialog.Description render={<div />} className="text-[13px] text-pretty text-muted">
              {children}
            </AlertDialog.Description>
            <Fault error={error} />
            <div className="flex flex-wrap justify-end gap-2">
              <Button onClick={onCancel} disabled={busy}>Cancel</Button>
              <Button look={look} busy={busy} onClick={onConfirm}>{action}</Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
