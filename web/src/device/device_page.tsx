/** Signs a waiting command in: which machine asks, from where, and what it will be able to do. */
import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  approveDevice,
  denyDevice,
  lookAtDevice,
  type WaitingDevice,
} from "../../../shared/contracts/device_login.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { useMe } from "../session/use_session.ts";
import { Code } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Callout } from "../ui/feedback.tsx";
import { TextField } from "../ui/field.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card, Page } from "../ui/page.tsx";

/** The view that a command sends its person to. */
export function DevicePage() {
  const { api } = useServices();
  const { user_code: given } = useSearch({ from: "/app/device" });
  const [code, setCode] = useState(given ?? "");
  const look = useMutation({
    mutationFn: () => api.call(lookAtDevice, { body: { user_code: code } }),
  });
  const settle = useMutation({
    mutationFn: async (isApproved: boolean) => {
      await api.call(isApproved ? approveDevice : denyDevice, { body: { user_code: code } });
      return isApproved;
    },
  });
  if (settle.isSuccess) {
    return (
      <Page title="Sign in a command">
        <Callout tone={settle.data ? "good" : "info"}>
          {settle.data
            ? "Done: go back to your terminal. The key is among your API keys, where you can revoke it."
            : "Turned away. The command gets no key."}
        </Callout>
      </Page>
    );
  }
  return (
    <Page
      title="Sign in a command"
      description="Only go on if you have just started this yourself, on a machine that you trust."
    >
      <Card>
        <div className="grid max-w-xl gap-4 p-4">
          <Fault error={look.error ?? settle.error} />
          {look.data
            ? (
              <Waiting
                device={look.data}
                code={code}
                busy={settle.isPending}
                onSettle={(isApproved) => settle.mutate(isApproved)}
              />
            )
            : (
              <form
                className="grid gap-4"
                onSubmit={(event) => {
                  event.preventDefault();
                  look.mutate();
                }}
              >
                <TextField
                  label="Code that the command shows"
                  placeholder="WDJB-MJHT"
                  autoComplete="off"
                  autoCapitalize="characters"
                  spellCheck={false}
                  autoFocus
                  required
                  maxLength={20}
                  className="font-mono uppercase"
                  value={code}
                  onChange={setCode}
                  hint={given && "Does your terminal show the same one?"}
                />
                <div>
                  <Button type="submit" look="primary" busy={look.isPending}>Continue</Button>
                </div>
              </form>
            )}
        </div>
      </Card>
    </Page>
  );
}

function Waiting({ device, code, busy, onSettle }: {
  device: WaitingDevice;
  code: string;
  busy: boolean;
  onSettle: (isApproved: boolean) => void;
}) {
  const { data: me } = useMe();
  return (
    <div className="grid gap-4 text-[13px]">
      <p className="text-sm">
        <strong className="font-semibold">{device.machine}</strong> wants to act as you
        {me && <>{" "}in {me.organization.name}</>}.
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        <dt className="text-muted">Code</dt>
        <dd className="font-mono">{code.toUpperCase()}</dd>
        <dt className="text-muted">Address</dt>
        <dd>{device.address ?? "unknown"}</dd>
        <dt className="text-muted">Asked</dt>
        <dd>
          <Moment time={device.created_at} />
        </dd>
        <dt className="text-muted">Key</dt>
        <dd>{device.key_name}, for 90 days</dd>
        <dt className="text-muted">It may</dt>
        <dd className="flex flex-wrap gap-1">
          {device.scopes.map((scope) => <Code key={scope}>{scope}</Code>)}
        </dd>
      </dl>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" busy={busy} onClick={() => onSettle(true)}>Sign it in</Button>
        <Button disabled={busy} onClick={() => onSettle(false)}>This wasn't me</Button>
      </div>
    </div>
  );
}
