/** Sets a password: a new one after a recovery link, the first after an invitation, then with one's name. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { updateMe } from "../../../shared/contracts/session.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { SessionFrame } from "./session_frame.tsx";
import { useSession } from "./use_session.ts";

const SHORTEST = 10;

/** The view a recovery link leads to; Supabase's client has traded the link for a session by now. */
export function ResetPasswordPage() {
  const { api, auth } = useServices();
  const queries = useQueryClient();
  const session = useSession();
  const navigate = useNavigate();
  const { welcome } = useSearch({ from: "/public/reset-password" });
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState("");
  const change = useMutation({
    mutationFn: async () => {
      const { error } = await (await auth()).updateUser({ password });
      if (error) throw error;
      if (name.trim()) queries.setQueryData(["me"], await api.call(updateMe, { body: { full_name: name } }));
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
    <SessionFrame
      title={welcome ? "Welcome" : "Set a new password"}
      description={welcome
        ? `You are in. Set a password, so that you can sign in as ${session.email} next time.`
        : `For ${session.email}`}
    >
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const tooShort = password.length < SHORTEST;
          setFault(tooShort ? `Must have at least ${SHORTEST} characters.` : "");
          if (!tooShort) change.mutate();
        }}
      >
        <Fault error={change.error} />
        {/* Tells password managers whose password this is. */}
        <input hidden readOnly type="email" autoComplete="username" value={session.email} />
        {welcome && (
          <TextField
            label="Full name"
            autoComplete="name"
            autoFocus
            maxLength={100}
            value={name}
            onChange={setName}
          />
        )}
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          autoFocus={!welcome}
          value={password}
          onChange={setPassword}
          hint={`At least ${SHORTEST} characters.`}
          error={fault}
        />
        <Button type="submit" look="primary" busy={change.isPending} className="h-9">
          {welcome ? "Continue" : "Set password"}
        </Button>
      </form>
    </SessionFrame>
  );
}
