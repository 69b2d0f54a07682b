/** Makes a trust policy, from a known provider's claims or by hand, or changes one. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Permission } from "../../../shared/contracts/permissions.ts";
import {
  CreateTrustPolicy,
  createTrustPolicy,
  DEFAULT_AUDIENCE,
  TRUST_PRESETS,
  type TrustPolicy,
  updateTrustPolicy,
} from "../../../shared/contracts/trust_policies.ts";
import { fieldFaults } from "../api/explain.ts";
import { Fault } from "../api/fault.tsx";
import { faultsOf } from "../api/faults.ts";
import { useServices } from "../app/services.ts";
import { useMe } from "../session/use_session.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Choice, TextArea, TextField } from "../ui/field.tsx";

type Provider = keyof typeof TRUST_PRESETS | "other";

const PROVIDERS: { value: Provider; label: string }[] = [
  ...Object.entries(TRUST_PRESETS).map(([value, { name }]) => ({ value: value as Provider, label: name })),
  { value: "other", label: "Another OIDC issuer" },
];
const DEFAULT_SCOPES: Permission[] = ["resources:read", "resources:write", "drifts:read", "drifts:write"];

/** The dialog; without a policy it makes one. */
export function TrustPolicyDialog({ policy, onClose }: { policy?: TrustPolicy; onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const mine = useMe().data?.permissions ?? [];
  const [provider, setProvider] = useState<Provider>(policy ? providerOf(policy) : "github");
  const [name, setName] = useState(policy?.name ?? "");
  const [issuer, setIssuer] = useState<string>(policy?.issuer ?? TRUST_PRESETS.github.issuer);
  const [audience, setAudience] = useState(policy?.audience ?? DEFAULT_AUDIENCE);
  const [conditions, setConditions] = useState(
    linesOf(policy?.conditions ?? TRUST_PRESETS.github.conditions),
  );
  const [scopes, setScopes] = useState<Permission[]>(policy?.scopes ?? DEFAULT_SCOPES);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const body = { name, issuer, audience, conditions: toConditions(conditions), scopes };
  const save = useMutation({
    mutationFn: () =>
      policy
        ? api.call(updateTrustPolicy, { params: { id: policy.id }, body: changesOf(policy, body) })
        : api.call(createTrustPolicy, { body }),
    onError: (error) => setFaults(fieldFaults(error)),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ["trust-policies"] }),
  });
  const choose = (value: string) => {
    const next = value as Provider;
    setProvider(next);
    if (next === "other") return setIssuer("");
    setIssuer(TRUST_PRESETS[next].issuer);
    setConditions(linesOf(TRUST_PRESETS[next].conditions));
  };
  return (
    <Dialog
      title={policy ? `Edit “${policy.name}”` : "New trust policy"}
      description={policy
        ? "Keys that it gave end now, unless only the name changes."
        : "Its jobs get a key that lives 15 minutes."}
      onClose={onClose}
      wide
    >
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const found = faultsOf(CreateTrustPolicy.safeParse(body));
          setFaults(found);
          if (Object.keys(found).length > 0) return;
          if (policy && Object.keys(changesOf(policy, body)).length === 0) onClose();
          else save.mutate();
        }}
      >
        <Fault error={save.error} />
        <TextField
          label="Name"
          placeholder="Deploys of main"
          value={name}
          onChange={setName}
          error={faults.name}
        />
        <label className="grid gap-1.5 text-[13px] font-medium">
          Provider
          <Choice value={provider} options={PROVIDERS} onChange={choose} className="w-full" />
        </label>
        <TextField
          label="Issuer"
          className="font-mono text-xs"
          value={issuer}
          onChange={setIssuer}
          error={faults.issuer}
          hint="Compared to the character with the token's iss."
        />
        <TextArea
          label="Conditions"
          rows={4}
          value={conditions}
          onChange={setConditions}
          error={faults.conditions}
          hint="One claim=value a line; * stands for anything. All must hold."
        />
        <TextField label="Audience" value={audience} onChange={setAudience} error={faults.audience} />
        <fieldset className="grid gap-1.5 text-[13px]">
          <legend className="mb-1.5 font-medium">A job may</legend>
          <div className="grid gap-1.5 sm:grid-cols-2">
            {[...new Set([...mine, ...(policy?.scopes ?? [])])].map((permission) => (
              <label key={permission} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  checked={scopes.includes(permission)}
                  onChange={() =>
                    setScopes(toggled(scopes, permission))}
                />
                <span className="font-mono text-xs">{permission}</span>
              </label>
            ))}
          </div>
          {faults.scopes && <p className="text-danger">{faults.scopes}</p>}
        </fieldset>
        <div className="flex flex-wrap justify-end gap-2">
          <Button type="button" onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={save.isPending}>{policy ? "Save" : "Create"}</Button>
        </div>
      </form>
    </Dialog>
  );
}

type Fields = Pick<TrustPolicy, "name" | "issuer" | "audience" | "conditions" | "scopes">;

/** Only what differs: naming a field means the policy's keys end. */
function changesOf(policy: TrustPolicy, fields: Fields): Partial<Fields> {
  const isSame = (name: keyof Fields) => inOrder(policy[name]) === inOrder(fields[name]);
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => !isSame(name as keyof Fields)),
  );
}

function inOrder(value: Fields[keyof Fields]): string {
  if (typeof value === "string") return value;
  return JSON.stringify(Array.isArray(value) ? value.toSorted() : Object.entries(value).toSorted());
}

function providerOf({ issuer }: TrustPolicy): Provider {
  const known = Object.entries(TRUST_PRESETS).find(([, preset]) => preset.issuer === issuer);
  return (known?.[0] ?? "other") as Provider;
}

function toggled(list: Permission[], one: Permission): Permission[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

function linesOf(conditions: Record<string, string>): string {
  return Object.entries(conditions).map(([claim, pattern]) => `${claim}=${pattern}`).join("\n");
}

function toConditions(lines: string): Record<string, string> {
  return Object.fromEntries(
    lines.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}
