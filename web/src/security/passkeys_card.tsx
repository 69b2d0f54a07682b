/** One's passkeys at Supabase Auth: seen, added, removed. Not there where Auth has none. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { sayPasskeyFault } from "../session/passkey_fault.ts";
import { useWaysIn } from "../session/ways_in.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { ErrorState, faultOf, Skeleton } from "../ui/feedback.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card } from "../ui/page.tsx";

const PASSKEYS_KEY = ["passkeys"];

/** The card. */
export function PasskeysCard() {
  return useWaysIn().hasPasskeys ? <Passkeys /> : null;
}

function Passkeys() {
  const { auth } = useServices();
  const queries = useQueryClient();
  const [removed, setRemoved] = useState<string>();
  const passkeys = useQuery({
    queryKey: PASSKEYS_KEY,
    queryFn: async () => {
      const { data, error } = await (await auth()).passkey.list();
      if (error) throw error;
      return data;
    },
  });
  const onSettled = () => queries.invalidateQueries({ queryKey: PASSKEYS_KEY });
  const add = useMutation({
    mutationFn: async () => {
      const { error } = await (await auth()).registerPasskey();
      if (error) throw sayPasskeyFault(error);
    },
    onSettled,
  });
  const remove = useMutation({
    mutationFn: async (passkeyId: string) => {
      const { error } = await (await auth()).passkey.delete({ passkeyId });
      if (error) throw error;
    },
    onSuccess: () => setRemoved(undefined),
    onSettled,
  });
  const fault = faultOf(passkeys);
  return (
    <Card title="Passkeys">
      {fault
        ? <ErrorState error={fault} onRetry={() => passkeys.refetch()} />
        : (
          <div className="grid min-h-24 content-start gap-4 p-4 text-[13px]">
            <p className="max-w-prose text-muted">
              A passkey signs you in by your device's own lock, without a password.
            </p>
            <Fault error={add.error} />
            {!passkeys.data ? <Skeleton className="h-8 max-w-md" /> : (
              <ul className="grid gap-2 empty:hidden">
                {passkeys.data.map(({ id, friendly_name, created_at, last_used_at }) => (
                  <li key={id} className="flex flex-wrap items-center justify-between gap-2">
                    <span>
                      {friendly_name || "Passkey"}, since <Moment time={created_at} />, {last_used_at
                        ? (
                          <>
                            last used <Moment time={last_used_at} />
                          </>
                        )
                        : "not used yet"}
                    </span>
                    <Button
                      size="sm"
                      onClick={() =>
                        setRemoved(id)}
                    >
                      Remove
                    </Button>
                  </li>
                ))}
              </ul>
            )}
            <div>
              <Button busy={add.isPending} onClick={() => add.mutate()}>Add a passkey</Button>
            </div>
          </div>
        )}
      {removed && (
        <Confirm
          title="Remove this passkey?"
          action="Remove"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(removed)}
          onCancel={() => setRemoved(undefined)}
        >
          <p>It no longer signs you in. Your device may go on showing it.</p>
        </Confirm>
      )}
    </Card>
  );
}
