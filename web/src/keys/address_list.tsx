/** From which addresses a key may be used. */
import { useMutation } from "@tanstack/react-query";
import { getAddress } from "../../../shared/contracts/session.ts";
import { explainDeed } from "../api/explain.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { TextArea } from "../ui/field.tsx";
import { addressesOf } from "./key_choices.ts";

/** A list of addresses and ranges, one a line; one's own can be added without knowing it. */
export function AddressList({ value, onChange, error }: {
  value: string;
  onChange: (value: string) => void;
  error?: string;
}) {
  const { api } = useServices();
  const addMine = useMutation({
    mutationFn: async () => {
      const { address } = await api.call(getAddress);
      if (!address) throw new Error("The server can't tell your address.");
      return address;
    },
    onSuccess: (address) => {
      const known = addressesOf(value);
      if (!known.includes(address)) onChange([...known, address].join("\n"));
    },
  });
  return (
    <TextArea
      label="Allowed addresses"
      aside={
        <Button look="ghost" size="sm" busy={addMine.isPending} onClick={() => addMine.mutate()}>
          Add my current address
        </Button>
      }
      hint="Addresses or ranges, one a line. Left empty, the key works from anywhere."
      rows={2}
      value={value}
      onChange={onChange}
      error={addMine.isError ? explainDeed(addMine.error) : error}
    />
  );
}

/**
 * Names the first wrong address among a form's faults.
 * @param faults by dotted path
 */
export function sayWrongAddress(faults: Record<string, string>, text: string): string | undefined {
  const [path, message] = Object.entries(faults).find(([path]) => path.startsWith("allowed_ips")) ?? [];
  if (!path) return undefined;
  const wrong = addressesOf(text)[Number(path.split(".")[1])];
  return wrong ? `“${wrong}” is neither an address nor a range such as 192.0.2.0/24.` : message;
}
