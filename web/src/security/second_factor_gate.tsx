/** What somebody sees who has yet to prove their second factor, or to set one up: that, and nothing else. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { recover } from "../../../shared/contracts/second_factor.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { SessionFrame } from "../session/session_frame.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { CodeField } from "./code_field.tsx";
import { Enrol } from "./enrol_dialog.tsx";
import { useStartOver } from "./use_factors.ts";

/** The step that is missing. */
export function SecondFactorGate({ step }: { step: "challenge" | "enrolment" }) {
  const { session } = useServices();
  const startOver = useStartOver();
  const leave = () => void session.signOut();
  if (step === "enrolment") {
    return (
      <SessionFrame
        title="Set up a second factor"
        description="Your organization asks for one. Scan the code with an authenticator app."
      >
        <Enrol onDone={startOver} onCancel={leave} />
      </SessionFrame>
    );
  }
  return (
    <SessionFrame title="Your second factor" description="One more step to sign in.">
      <Challenge onDone={startOver} onCancel={leave} />
    </SessionFrame>
  );
}

function Challenge({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const { api, auth } = useServices();
  const [code, setCode] = useState("");
  const [isLost, setIsLost] = useState(false);
  const prove = useMutation({
    mutationFn: async () => {
      if (isLost) return await api.call(recover, { body: { recovery_code: code } });
      const client = await auth();
      const { data, error } = await client.mfa.listFactors();
      if (error) throw error;
      let refusal: unknown = new Error("You have no authenticator app here.");
      for (const { id } of data.totp) {
        const answer = await client.mfa.challengeAndVerify({ factorId: id, code: code.replace(" ", "") });
        if (!answer.error) return;
        refusal = answer.error;
      }
      throw refusal;
    },
    onSuccess: onDone,
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        prove.mutate();
      }}
    >
      <Fault error={prove.error} />
      {isLost
        ? <TextField label="Recovery code" required autoComplete="off" value={code} onChange={setCode} />
        : <CodeField value={code} onChange={setCode} autoFocus />}
      <Button type="submit" look="primary" busy={prove.isPending} className="h-9">Go on</Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button
          type="button"
          look="ghost"
          onClick={() => {
            setIsLost(!isLost);
            setCode("");
          }}
        >
          {isLost ? "Use the app" : "Use a recovery code"}
        </Button>
        <Button type="button" look="ghost" onClick={onCancel}>Sign out</Button>
      </div>
    </form>
  );
}
