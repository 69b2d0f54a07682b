/** Sets up an authenticator app: scan or type the secret, then prove it by a code. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy_button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Skeleton } from "../ui/feedback.tsx";
import { CodeField } from "./code_field.tsx";

/** The dialog around {@link Enrol}. */
export function EnrolDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  return (
    <Dialog
      title="Set up a second factor"
      description="Scan the code with an authenticator app, then type the six digits that it shows."
      onClose={onClose}
    >
      <Enrol onDone={onDone} onCancel={onClose} />
    </Dialog>
  );
}

/** The steps of setting one up. */
export function Enrol({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const { auth } = useServices();
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const offer = useQuery({
    queryKey: ["enrolment"],
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
    refetchOnReconnect: false,
    queryFn: async () => {
      const client = await auth();
      // What was begun before and never proved would only be in the way.
      const { data: before } = await client.mfa.listFactors();
      for (const { id, status } of before?.all ?? []) {
        if (status !== "verified") await client.mfa.unenroll({ factorId: id });
      }
      const friendlyName = `App of ${new Date().toISOString().slice(0, 19).replace("T", " ")}`;
      const { data, error } = await client.mfa.enroll({
        factorType: "totp",
        friendlyName,
        issuer: "InfraAudit",
      });
      if (error) throw error;
      return { id: data.id, secret: data.totp.secret, picture: data.totp.qr_code };
    },
  });
  const prove = useMutation({
    mutationFn: async () => {
      const client = await auth();
      const { error } = await client.mfa.challengeAndVerify({ factorId: offer.data!.id, code });
      if (error) throw error;
    },
    onSuccess: () => {
      queries.removeQueries({ queryKey: ["enrolment"] });
      onDone();
    },
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        prove.mutate();
      }}
    >
      <Fault error={offer.error ?? prove.error} />
      {offer.data
        ? (
          <div className="flex flex-wrap items-center gap-4">
            <img
              src={offer.data.picture}
              alt="QR code of the secret; the text beside it says the same"
              className="size-44 rounded-md border bg-white"
            />
            <div className="grid min-w-0 flex-1 basis-40 gap-1.5 text-[13px]">
              <p className="text-muted">Can't scan it? Type this secret into the app:</p>
              <p className="font-mono text-xs break-all">{offer.data.secret}</p>
              <CopyButton text={offer.data.secret} />
            </div>
          </div>
        )
        : !offer.isError && <Skeleton className="size-44" />}
      <CodeField value={code} onChange={setCode} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button type="button" onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" busy={prove.isPending} disabled={!offer.data}>Turn on</Button>
      </div>
    </form>
  );
}
