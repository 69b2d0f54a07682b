/** Shows a new API key, the only time. */
import { TriangleAlert } from "lucide-react";
import type { ApiKeyCreated } from "../../../shared/contracts/api_keys.ts";
import { toRequestUrl } from "../../../shared/client/request_url.ts";
import { listResources } from "../../../shared/contracts/resources.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Secret } from "../ui/secret.tsx";

/** Shows a key in full. It is in this dialog's props and nowhere else. */
export function KeyShownDialog({ created, onClose }: { created: ApiKeyCreated; onClose: () => void }) {
  const { config } = useServices();
  const url = toRequestUrl(config.api_base, listResources.path);
  const curl = `curl ${url} \\\n  -H "Authorization: Bearer ${created.key}"`;
  return (
    <Dialog title={`Key “${created.name}” is ready`} wide>
      <p className="flex items-start gap-2 rounded-md bg-medium-soft px-3 py-2 text-[13px]">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-medium" />
        Copy it now and keep it in a secret store. It can't be shown again.
      </p>
      <Secret label="API key" copy="Copy key" text={created.key} />
      <Secret label="Try it" copy="Copy command" text={curl} />
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}
