/** Makes an ignore rule, from nothing or from a drift, or changes one. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  createIgnoreRule,
  type IgnoreRule,
  IgnoreRuleInput,
  updateIgnoreRule,
} from "../../../shared/contracts/ignore_rules.ts";
import { fieldFaults } from "../api/explain.ts";
import { Fault } from "../api/fault.tsx";
import { faultsOf } from "../api/faults.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ChoiceField, TextArea, TextField } from "../ui/field.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { SEVERITIES } from "../ui/severity.tsx";
import { IGNORE_KEYS } from "./ignore_keys.ts";
import { KEEP, lifeChoices, untilOf } from "./rule_life.ts";

type Draft = Pick<IgnoreRule, "resource_type" | "external_id" | "field" | "severity_at_most">;

const EMPTY: Draft = { resource_type: null, external_id: null, field: null, severity_at_most: null };

/** @param rule the rule to change; @param draft what a new one begins with */
export function IgnoreRuleDialog({ rule, draft = EMPTY, onClose }: {
  rule?: IgnoreRule;
  draft?: Draft;
  onClose: () => void;
}) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [form, setForm] = useState<Draft>(rule ?? draft);
  const [life, setLife] = useState<string>(rule ? KEEP : "30");
  const [reason, setReason] = useState(rule?.reason ?? "");
  const [faults, setFaults] = useState<Record<string, string>>({});
  const body = () => ({
    resource_type: form.resource_type?.trim() || null,
    external_id: form.external_id?.trim() || null,
    field: form.field?.trim() || null,
    severity_at_most: form.severity_at_most,
    until: untilOf(life, rule?.until ?? null),
    reason: reason.trim(),
  });
  const save = useMutation({
    mutationFn: () =>
      rule
        ? api.call(updateIgnoreRule, { params: { id: rule.id }, body: body() })
        : api.call(createIgnoreRule, { body: body() }),
    onError: (error) => setFaults(fieldFaults(error)),
    onSuccess: onClose,
    onSettled: () => IGNORE_KEYS.forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  const pattern = (label: string, name: "resource_type" | "external_id" | "field", placeholder: string) => (
    <TextField
      label={label}
      className="font-mono text-xs"
      placeholder={placeholder}
      value={form[name] ?? ""}
      onChange={(value) => setForm({ ...form, [name]: value })}
      error={faults[name]}
    />
  );
  return (
    <Dialog
      title={rule ? "Edit ignore rule" : "Ignore drifts"}
      description="What matches isn't counted, listed or told any more, until the rule ends. * stands for any text, ? for one character."
      onClose={onClose}
    >
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const found = faultsOf(IgnoreRuleInput.safeParse(body()));
          setFaults(found);
          if (Object.keys(found).length === 0) save.mutate();
        }}
      >
        {pattern("Resource type", "resource_type", "Any")}
        {pattern("External id", "external_id", "Any")}
        {pattern("Field", "field", "Any")}
        {faults[""] && (
          <p role="alert" className="text-[13px] text-danger">
            Name at least one of the three.
          </p>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <ChoiceField
            label="Up to severity"
            value={form.severity_at_most ?? ""}
            options={[
              { value: "", label: "Any severity" },
              ...SEVERITIES.map((value) => ({ value, label: capital(value) })),
            ]}
            onChange={(value) =>
              setForm({ ...form, severity_at_most: SEVERITIES.find((one) => one === value) ?? null })}
          />
          <ChoiceField label="Ends" value={life} options={lifeChoices(rule)} onChange={setLife} />
        </div>
        <TextArea label="Reason" prose rows={2} value={reason} onChange={setReason} error={faults.reason} />
        <Fault error={save.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={save.isPending}>{rule ? "Save" : "Ignore"}</Button>
        </div>
      </form>
    </Dialog>
  );
}
