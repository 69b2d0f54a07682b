/** One's second factors: set up, removed, and the recovery codes that stand in for them. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  makeRecoveryCodes,
  removeSecondFactor,
  type SecondFactors,
} from "../../../shared/contracts/second_factor.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy_button.tsx";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import { ErrorState, faultOf, Skeleton } from "../ui/feedback.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card } from "../ui/page.tsx";
import { EnrolDialog } from "./enrol_dialog.tsx";
import { FACTORS_KEY, useFactors } from "./use_factors.ts";

/** The card. */
export function SecondFactorCard() {
  const { auth } = useServices();
  const queries = useQueryClient();
  const factors = useFactors();
  const [open, setOpen] = useState<"enrol" | { remove: string }>();
  const codes = useRecoveryCodes();
  const fault = faultOf(factors);
  const close = () => setOpen(undefined);
  const refresh = () => queries.invalidateQueries({ queryKey: FACTORS_KEY });
  return (
    <Card title="Second factor" aside={factors.data && <State factors={factors.data} />}>
      {fault
        ? <ErrorState error={fault} onRetry={() => factors.refetch()} />
        : (
          <div className="grid min-h-32 content-start gap-4 p-4 text-[13px]">
            <p className="max-w-prose text-muted">
              An authenticator app on your phone proves that it is you, also when somebody knows your
              password.
            </p>
            <Fault error={codes.make.error} />
            {!factors.data ? <Skeleton className="h-8 max-w-md max-sm:h-10" /> : (
              <>
                <ul className="grid gap-2 empty:hidden">
                  {factors.data.factors.map(({ id, name, created_at }) => (
                    <li key={id} className="flex flex-wrap items-center justify-between gap-2">
                      <span>
                        {name ?? "Authenticator app"}, since <Moment time={created_at} />
                      </span>
                      <Button
                        size="sm"
                        onClick={() =>
                          setOpen({ remove: id })}
                      >
                        Remove
                      </Button>
                    </li>
                  ))}
                </ul>
                <div className="flex flex-wrap items-center gap-2">
                  <Button onClick={() => setOpen("enrol")}>
                    {factors.data.factors.length > 0 ? "Add another" : "Set up"}
                  </Button>
                  {factors.data.factors.length > 0 && (
                    <Button
                      busy={codes.make.isPending}
                      onClick={() => codes.make.mutate()}
                    >
                      New recovery codes
                    </Button>
                  )}
                  {factors.data.factors.length > 0 && (
                    <span className="text-muted">{factors.data.recovery_codes_left} recovery codes left</span>
                  )}
                </div>
              </>
            )}
          </div>
        )}
      {open === "enrol" && (
        <EnrolDialog
          onClose={close}
          onDone={() => {
            close();
            void refresh();
            codes.make.mutate();
          }}
        />
      )}
      {typeof open === "object" && (
        <RemoveFactor
          id={open.remove}
          onClose={close}
          onDone={async () => {
            close();
            // The session has proved less now, and its token must say so.
            await (await auth()).refreshSession();
            await refresh();
          }}
        />
      )}
      {codes.shown && <RecoveryCodesDialog codes={codes.shown} onClose={codes.hide} />}
    </Card>
  );
}

function State({ factors }: { factors: SecondFactors }) {
  if (factors.factors.length > 0) return <Badge tone="good">On</Badge>;
  return factors.is_required ? <Badge tone="critical">Needed</Badge> : <Badge>Off</Badge>;
}

function useRecoveryCodes() {
  const { api } = useServices();
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () => api.call(makeRecoveryCodes),
    onSettled: () => queries.invalidateQueries({ queryKey: FACTORS_KEY }),
  });
  return { make, shown: make.data?.codes, hide: () => make.reset() };
}

function RecoveryCodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <Dialog
      title="Your recovery codes"
      description="Keep them where you find them without your phone. Each is good once, in place of your app, and removes it. They are not shown again."
    >
      <ul className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-md border p-3 font-mono text-xs">
        {codes.map((code) => <li key={code}>{code}</li>)}
      </ul>
      <div className="flex flex-wrap justify-end gap-2">
        <CopyButton size="md" text={codes.join("\n")} />
        <Button look="primary" onClick={onClose}>I have kept them</Button>
      </div>
    </Dialog>
  );
}

function RemoveFactor({ id, onClose, onDone }: { id: string; onClose: () => void; onDone: () => void }) {
  const { api } = useServices();
  const remove = useMutation({
    mutationFn: () => api.call(removeSecondFactor, { params: { id } }),
    onSuccess: onDone,
  });
  return (
    <Confirm
      title="Remove this second factor?"
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onCancel={onClose}
    >
      <p>Without another one your password alone signs you in.</p>
    </Confirm>
  );
}
