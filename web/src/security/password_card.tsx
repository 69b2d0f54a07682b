/** Changes one's password, and one's email address. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changePassword } from "../../../shared/contracts/account.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { useSession } from "../session/use_session.ts";
import { Button } from "../ui/button.tsx";
import { Callout } from "../ui/feedback.tsx";
import { EmailField, TextField } from "../ui/field.tsx";
import { Card } from "../ui/page.tsx";

const SHORTEST = 8;

/** The card for the password. */
export function PasswordCard() {
  const { api } = useServices();
  const queries = useQueryClient();
  const session = useSession();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [fault, setFault] = useState("");
  const change = useMutation({
    mutationFn: () => api.call(changePassword, { body: { current_password: current, password: next } }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      return queries.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  return (
    <Card title="Password">
      <form
        noValidate
        className="grid max-w-md gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          const isShort = next.length < SHORTEST;
          setFault(isShort ? `Must be at least ${SHORTEST} characters.` : "");
          if (!isShort) change.mutate();
        }}
      >
        <Fault error={change.error} />
        {change.isSuccess && (
          <Callout tone="good">Your password is changed; other sessions have ended.</Callout>
        )}
        {/* Tells password managers whose password this is. */}
        <input
          hidden
          readOnly
          type="email"
          autoComplete="username"
          value={session.status === "signed_out" ? "" : session.email}
        />
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={setCurrent}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${SHORTEST} characters. Your other sessions end; API keys go on.`}
          error={fault}
          value={next}
          onChange={setNext}
        />
        <div>
          <Button type="submit" busy={change.isPending} disabled={!current || !next}>Change password</Button>
        </div>
      </form>
    </Card>
  );
}

/** The card for the email address; Supabase Auth asks the new one by mail first. */
export function EmailCard() {
  const { auth } = useServices();
  const [email, setEmail] = useState("");
  const change = useMutation({
    mutationFn: async () => {
      const { error } = await (await auth()).updateUser({ email }, {
        emailRedirectTo: `${location.origin}/security`,
      });
      if (error) throw error;
    },
  });
  return (
    <Card title="Email address">
      <form
        className="grid max-w-md gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Fault error={change.error} />
        {change.isSuccess && (
          <Callout tone="good">Follow the link in the mail to {email}; until then nothing changes.</Callout>
        )}
        <EmailField
          autoComplete="email"
          value={email}
          onChange={setEmail}
          hint="A mail asks the new address first."
        />
        <div>
          <Button type="submit" busy={change.isPending} disabled={!email}>Change address</Button>
        </div>
      </form>
    </Card>
  );
}
