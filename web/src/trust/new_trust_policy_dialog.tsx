/** Makes a trust policy, from a known provider's claims or by hand. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Permission } from "../../../shared/contracts/permissions.ts";
import {
  CreateTrustPolicy,
  createTrustPolicy,
  DEFAULT_AUDIENCE,
  TRUST_PRESETS,
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

/** The dialog. */
export function NewTrustPolicyDialog({ onClose }: { onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const mine = useMe().data?.permissions ?? [];
  const [provider, setProvider] = useState<Provider>("github");
  const [name, setName] = useState("");
  const [issuer, setIssuer] = useState<string>(TRUST_PRESETS.github.issuer);
  const [audience, setAudience] = useState(DEFAULT_AUDIENCE);
  const [conditions, setConditions] = useState(linesOf(TRUST_PRESETS.github.conditions));
  const [scopes, setScopes] = useState<Permission[]>(DEFAULT_SCOPES);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const create = useMutation({
    mutationFn: () =>
      api.call(createTrustPolicy, {
        body: { name, issuer, audience, conditions: toConditions(conditions), scopes },
      }),
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
      title="New trust policy"
      description="Its jobs get a key that lives 15 minutes."
      onClose={onClose}
      wide
    >
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const body = { name, issuer, audience, conditions: toConditions(conditions), scopes };
          const found = faultsOf(CreateTrustPolicy.safeParse(body));
          setFaults(found);
          if (Object.keys(found).length === 0) create.mutate();
        }}
      >
        <Fault error={create.error} />
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
            {mine.map((permission) => (
              <label key={permission} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  checked={scopes.includes(permission)}
                  onChange={() => setScopes(toggled(scopes, permission))}
                />
                <span className="font-mono text-xs">{permission}</span>
              </label>
            ))}
          </div>
          {faults.scopes && <p className="text-danger">{faults.scopes}</p>}
        </fieldset>
        <div className="flex flex-wrap justify-end gap-2">
          <Button type="button" onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending}>Create</Button>
        </div>
      </form>
    </Dialog>
  );
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
