/** The dialogs about API keys, one at a time; shared by the list and a key's own page. */
import { Suspense, useState } from "react";
import type { ApiKey, ApiKeyCreated } from "../../../shared/contracts/api_keys.ts";
import { late } from "../app/late.ts";

const NewKey = late(() => import("./new_key_dialog.tsx").then((m) => m.NewKeyDialog));
const KeyShown = late(() => import("./key_shown_dialog.tsx").then((m) => m.KeyShownDialog));
const EditKey = late(() => import("./edit_key_dialog.tsx").then((m) => m.EditKeyDialog));
const RotateKey = late(() => import("./rotate_key_dialog.tsx").then((m) => m.RotateKeyDialog));
const RevokeKey = late(() => import("./revoke_key_dialog.tsx").then((m) => m.RevokeKeyDialog));

type Open =
  | { dialog: "new" }
  | { dialog: "shown"; key: ApiKeyCreated }
  | { dialog: "edit" | "rotate" | "revoke"; key: ApiKey };

/** Which dialog is open, what opens each, and the dialog itself. */
export function useKeyDialogs() {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const show = (key: ApiKeyCreated) => setOpen({ dialog: "shown", key });
  return {
    create: () => setOpen({ dialog: "new" }),
    actions: {
      onEdit: (key: ApiKey) => setOpen({ dialog: "edit", key }),
      onRotate: (key: ApiKey) => setOpen({ dialog: "rotate", key }),
      onRevoke: (key: ApiKey) => setOpen({ dialog: "revoke", key }),
    },
    dialog: (
      <Suspense>
        {open?.dialog === "new" && <NewKey onClose={close} onCreated={show} />}
        {open?.dialog === "shown" && <KeyShown created={open.key} onClose={close} />}
        {open?.dialog === "edit" && <EditKey apiKey={open.key} onClose={close} />}
        {open?.dialog === "rotate" && <RotateKey apiKey={open.key} onClose={close} onCreated={show} />}
        {open?.dialog === "revoke" && <RevokeKey apiKey={open.key} onClose={close} />}
      </Suspense>
    ),
  };
}
