/** Changes a key's name, permissions and addresses; the key itself stays the same. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiKey, UpdateApiKey, updateApiKey } from "../../../shared/contracts/api_keys.ts";
import type { Permission } from "../../../shared/contracts/permissions.ts";
import type { z } from "zod";
import { fieldFaults } from "../api/explain.ts";
import { Fault } from "../api/fault.tsx";
import { faultsOf } from "../api/faults.ts";
import { useServices } from "../app/services.ts";
import { useMe } from "../session/use_session.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { FieldError, TextField } from "../ui/field.tsx";
import { AddressList, sayWrongAddress } from "./address_list.tsx";
import { addressesOf } from "./key_choices.ts";
import { PermissionBoxes } from "./permission_picker.tsx";

/** The form, filled with what the key is now. */
export function EditKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const { data: me } = useMe();
  const [name, setName] = useState(apiKey.name);
  const [scopes, setScopes] = useState<Permission[]>(apiKey.scopes);
  const [addresses, setAddresses] = useState(apiKey.allowed_ips?.join("\n") ?? "");
  const [faults, setFaults] = useState<Record<string, string>>({});
  const save = useMutation({
    mutationFn: (body: z.input<typeof UpdateApiKey>) =>
      api.call(updateApiKey, { params: { id: apiKey.id }, body }),
    onSuccess: (key) => {
      queries.setQueryData(["api-key", String(key.id)], key);
      onClose();
    },
    onSettled: () =>
      ["api-keys", "api-key", "audit"].forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  const submit = () => {
    const allowed = addressesOf(addresses);
    const checked = UpdateApiKey.safeParse({
      name,
      scopes,
      allowed_ips: allowed.length > 0 ? allowed : null,
    });
    setFaults(faultsOf(checked));
    if (checked.success) save.mutate(checked.data);
  };
  const shown = { ...fieldFaults(save.error), ...faults };
  // What the key has and the person has not can be taken away, though not given back.
  const choices = [...new Set([...(me?.permissions ?? []), ...apiKey.scopes])];
  return (
    <Dialog
      title={`Edit “${apiKey.name}”`}
      description="The key itself stays the same."
      wide
      onClose={onClose}
    >
      <form
        noValidate
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Fault error={save.error} />
        <TextField label="Name" autoComplete="off" value={name} onChange={setName} error={shown.name} />
        <fieldset className="grid gap-1.5">
          <legend className="mb-1.5 text-[13px] font-medium">Permissions</legend>
          <PermissionBoxes choices={choices} chosen={scopes} onChange={setScopes} />
          {shown.scopes && <FieldError>Choose at least one permission.</FieldError>}
        </fieldset>
        <AddressList value={addresses} onChange={setAddresses} error={sayWrongAddress(shown, addresses)} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={save.isPending}>Save</Button>
        </div>
      </form>
    </Dialog>
  );
}
