/** Keyless access: which pipelines get in by their provider's word. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import {
  deleteTrustPolicy,
  listTrustPolicies,
  type TrustPolicy,
} from "../../../shared/contracts/trust_policies.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { Code } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { EmptyState, ErrorState, faultOf, Skeleton } from "../ui/feedback.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card, Page } from "../ui/page.tsx";
import { TrustPolicyDialog } from "./trust_policy_dialog.tsx";

/** The view. */
export function TrustPoliciesPage() {
  const { api } = useServices();
  const mayWrite = useCan("api_keys:write");
  const policies = useQuery({
    queryKey: ["trust-policies"],
    queryFn: ({ signal }) => api.call(listTrustPolicies, {}, { signal }),
  });
  const [open, setOpen] = useState<{ step: "new" } | { step: "edit" | "end"; policy: TrustPolicy }>();
  const close = () => setOpen(undefined);
  const fault = faultOf(policies);
  return (
    <Page
      title="Keyless access"
      description="Pipelines that sign in by their provider's word and get a key that lives minutes: nothing to store, nothing to leak."
      actions={mayWrite && (
        <Button look="primary" onClick={() => setOpen({ step: "new" })}>
          New policy
        </Button>
      )}
    >
      <Card>
        {fault
          ? <ErrorState error={fault} onRetry={() => policies.refetch()} />
          : !policies.data
          ? (
            <div className="p-4">
              <Skeleton className="h-8 max-w-md" />
            </div>
          )
          : policies.data.length === 0
          ? (
            <EmptyState icon={<ShieldCheck aria-hidden />} title="Nobody gets in without a key">
              Trust a repository of GitHub, GitLab or another provider, and its jobs need no stored key.
            </EmptyState>
          )
          : (
            <ul className="divide-y">
              {policies.data.map((policy) => (
                <Row
                  key={policy.id}
                  policy={policy}
                  onStep={mayWrite ? (step) => setOpen({ step, policy }) : undefined}
                />
              ))}
            </ul>
          )}
      </Card>
      {open?.step === "new" && <TrustPolicyDialog onClose={close} />}
      {open?.step === "edit" && <TrustPolicyDialog policy={open.policy} onClose={close} />}
      {open?.step === "end" && <EndDialog policy={open.policy} onClose={close} />}
    </Page>
  );
}

function Row({ policy, onStep }: { policy: TrustPolicy; onStep?: (step: "edit" | "end") => void }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 p-4 text-[13px]">
      <div className="grid min-w-0 gap-1.5">
        <p className="text-sm font-medium">{policy.name}</p>
        <p className="break-all text-muted">{policy.issuer}</p>
        <p className="flex flex-wrap gap-1">
          {Object.entries(policy.conditions).map(([claim, pattern]) => (
            <Code key={claim}>{claim}={pattern}</Code>
          ))}
        </p>
        <p className="text-muted">
          May {policy.scopes.join(", ")}; keys live {Math.round(policy.max_seconds / 60)} min;{" "}
          {policy.last_used_at
            ? (
              <>
                last used <Moment time={policy.last_used_at} />
              </>
            )
            : "not used yet"}
        </p>
      </div>
      {onStep && (
        <div className="flex gap-2">
          <Button size="sm" aria-label={`Edit ${policy.name}`} onClick={() => onStep("edit")}>Edit</Button>
          <Button size="sm" aria-label={`End ${policy.name}`} onClick={() => onStep("end")}>End</Button>
        </div>
      )}
    </li>
  );
}

function EndDialog({ policy, onClose }: { policy: TrustPolicy; onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => api.call(deleteTrustPolicy, { params: { id: policy.id } }),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ["trust-policies"] }),
  });
  return (
    <Confirm
      title={`End “${policy.name}”?`}
      action="End"
      busy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onCancel={onClose}
    >
      <p>Its jobs get no more keys, and those that they have stop working at once.</p>
    </Confirm>
  );
}
