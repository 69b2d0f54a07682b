/** Sets a new password after a recovery link. */
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { SessionFrame } from "./session_frame.tsx";
import { useSession } from "./use_session.ts";

const SHORTEST = 8;

/** The view a recovery link leads to; Supabase's client has traded the link for a session by now. */
export function ResetPasswordPage() {
  const { auth } = useServices();
  const session = useSession();
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState("");
  const change = useMutation({
    mutationFn: async () => {
      const { error } = await (await auth()).updateUser({ password });
      if (error) throw error;
    },
    onSuccess: () => navigate({ to: "/drifts", replace: true }),
  });
  if (session.status !== "signed_in") {
    return (
      <SessionFrame title="This link no longer works">
        <p className="text-[13px] text-muted">
          It was used before, is too old, or was opened in another browser than the one that asked for it.
        </p>
        <Link to="/forgot-password" className={buttonClass()}>Ask for a new link</Link>
      </SessionFrame>
    );
  }
  return (
    <SessionFrame title="Set a new password" description={`For ${session.email}`}>
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const tooShort = password.length < SHORTEST;
          setFault(tooShort ? `Must be at least ${SHORTEST} characters.` : "");
          if (!tooShort) change.mutate();
        }}
      >
        <Fault error={change.error} />
        {/* Tells password managers whose password this is. */}
        <input hidden readOnly type="email" autoComplete="username" value={session.email} />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          autoFocus
          value={password}
          onChange={setPassword}
          hint={`At least ${SHORTEST} characters.`}
          error={fault}
        />
        <Button type="submit" look="primary" busy={change.isPending} className="h-9">Set password</Button>
      </form>
    </SessionFrame>
  );
}
