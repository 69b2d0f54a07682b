/** The form of a new API key. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type ApiKeyCreated, CreateApiKey, createApiKey } from "../../../shared/contracts/api_keys.ts";
import { LIMITS } from "../../../shared/contracts/limits.ts";
import type { Permission } from "../../../shared/contracts/permissions.ts";
import { fieldFaults } from "../api/explain.ts";
import { Fault } from "../api/fault.tsx";
import { faultsOf } from "../api/faults.ts";
import { useServices } from "../app/services.ts";
import { useMe } from "../session/use_session.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ChoiceField, FieldError, TextField } from "../ui/field.tsx";
import { AddressList, sayWrongAddress } from "./address_list.tsx";
import { addressesOf, livesFor, type Preset, scopesOf } from "./key_choices.ts";
import { PermissionPicker } from "./permission_picker.tsx";

/** Asks what the new key is for. @param onCreated gets the key in full */
export function NewKeyDialog({ onClose, onCreated }: {
  onClose: () => void;
  onCreated: (key: ApiKeyCreated) => void;
}) {
  const { api } = useServices();
  const queries = useQueryClient();
  const { data: me } = useMe();
  const mine = me?.permissions ?? [];
  const [name, setName] = useState("");
  const [preset, setPreset] = useState<Preset>("ci");
  const [custom, setCustom] = useState<Permission[]>([]);
  const [life, setLife] = useState(String(LIMITS.api_key_default_days));
  const [addresses, setAddresses] = useState("");
  const [faults, setFaults] = useState<Record<string, string>>({});
  const nameField = useRef<HTMLInputElement>(null);
  const create = useMutation({
    mutationFn: (body: CreateKeyBody) => api.call(createApiKey, { body }),
    // The answer holds the key itself: it must not stay in the cache of past mutations.
    gcTime: 0,
    onSuccess: (key) => {
      queries.invalidateQueries({ queryKey: ["api-keys"] });
      onCreated(key);
    },
  });
  const submit = () => {
    const allowed = addressesOf(addresses);
    const checked = CreateApiKey.safeParse({
      name,
      scopes: scopesOf(preset, mine, custom),
      expires_in_days: life === "never" ? null : Number(life),
      ...(allowed.length > 0 && { allowed_ips: allowed }),
    });
    setFaults(faultsOf(checked));
    if (checked.success) create.mutate(checked.data);
    else if (checked.error.issues[0]?.path[0] === "name") nameField.current?.focus();
  };
  const shown = { ...fieldFaults(create.error), ...faults };
  return (
    <Dialog title="New key" wide onClose={onClose} initialFocus={nameField}>
      <form
        noValidate
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Fault error={create.error} />
        <TextField
          ref={nameField}
          label="Name"
          placeholder="CI/CD Pipeline"
          autoComplete="off"
          value={name}
          onChange={setName}
          error={shown.name}
        />
        <div className="grid gap-1.5">
          <PermissionPicker
            mine={mine}
            preset={preset}
            onPreset={setPreset}
            custom={custom}
            onCustom={setCustom}
          />
          {shown.scopes && <FieldError>Choose at least one permission.</FieldError>}
        </div>
        <ChoiceField
          label="Expires in"
          options={livesFor(me?.role)}
          value={life}
          onChange={setLife}
          error={shown.expires_in_days}
        />
        <AddressList
          value={addresses}
          onChange={setAddresses}
          error={sayWrongAddress(shown, addresses)}
        />
        <div className="sticky -bottom-5 -mb-5 flex flex-wrap justify-end gap-2 bg-raised py-4 sm:-bottom-6 sm:-mb-6">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending}>Create key</Button>
        </div>
      </form>
    </Dialog>
  );
}

type CreateKeyBody = Parameters<typeof CreateApiKey.parse>[0] & { name: string };
