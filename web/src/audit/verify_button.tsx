/** Has the audit log's chain of hashes recomputed. */
import { useMutation } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { type AuditVerification, verifyAuditLog } from "../../../shared/contracts/audit.ts";
import { explainDeed } from "../api/explain.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";

/** Verifies, and says what came of it. */
export function VerifyButton() {
  const { api } = useServices();
  const verify = useMutation({ mutationFn: () => api.call(verifyAuditLog) });
  const broken = verify.data && !verify.data.intact;
  return (
    <>
      <Button icon={<ShieldCheck aria-hidden />} busy={verify.isPending} onClick={() => verify.mutate()}>
        Verify
      </Button>
      <span
        role="status"
        className={`text-[13px] sm:order-first ${broken || verify.isError ? "text-danger" : "text-muted"}`}
      >
        {verify.isError ? explainDeed(verify.error) : verify.data && say(verify.data)}
      </span>
    </>
  );
}

function say({ intact, events, broken }: AuditVerification): string {
  if (intact) return `Intact: ${events} ${events === 1 ? "event" : "events"} checked.`;
  return `Broken at event ${broken?.sequence}: ${broken?.fault}.`;
}
