/** Shows a new API key, the only time. */
import { TriangleAlert } from "lucide-react";
import type { ApiKeyCreated } from "../../../shared/contracts/api_keys.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Secret } from "../ui/secret.tsx";
import { CodeTabs } from "../ui/tabs.tsx";
import { snippetsOf } from "./snippets.ts";

/** Shows a key in full. It is in this dialog's props and nowhere else. */
export function KeyShownDialog({ created, onClose }: { created: ApiKeyCreated; onClose: () => void }) {
  const { config } = useServices();
  return (
    <Dialog title={`Key “${created.name}” is ready`} wide>
      <p className="flex items-start gap-2 rounded-md bg-medium-soft px-3 py-2 text-[13px]">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-medium" />
        Copy it now and keep it in a secret store. It can't be shown again.
      </p>
      <Secret label="API key" copy="Copy key" text={created.key} />
      <section className="grid min-w-0 gap-1.5" aria-label="Use it">
        <h3 className="text-[13px] font-medium">Use it</h3>
        <CodeTabs label="Ways to use the key" tabs={snippetsOf(config.api_base, created.key)} />
      </section>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}
