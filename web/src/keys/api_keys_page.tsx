/** Settings → API Keys: the list, and the ways to make, rotate and revoke a key. */
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { Suspense, useState } from "react";
import { type ApiKey, type ApiKeyCreated, listApiKeys } from "../../../shared/contracts/api_keys.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState, ErrorState, faultOf } from "../ui/feedback.tsx";
import { Card, Page } from "../ui/page.tsx";
import { Table } from "../ui/table.tsx";
import { isEnded, keyColumns } from "./key_columns.tsx";

const NewKey = late(() => import("./new_key_dialog.tsx").then((m) => m.NewKeyDialog));
const KeyShown = late(() => import("./key_shown_dialog.tsx").then((m) => m.KeyShownDialog));
const RotateKey = late(() => import("./rotate_key_dialog.tsx").then((m) => m.RotateKeyDialog));
const RevokeKey = late(() => import("./revoke_key_dialog.tsx").then((m) => m.RevokeKeyDialog));

type Open =
  | { dialog: "new" }
  | { dialog: "shown"; key: ApiKeyCreated }
  | { dialog: "rotate" | "revoke"; key: ApiKey };

/** The view of the API keys. */
export function ApiKeysPage() {
  const { api } = useServices();
  const may = useCan("api_keys:write");
  const [open, setOpen] = useState<Open>();
  const keys = useQuery({
    queryKey: ["api-keys"],
    queryFn: ({ signal }) => api.call(listApiKeys, {}, { signal }),
  });
  const fault = faultOf(keys);
  const close = () => setOpen(undefined);
  const show = (key: ApiKeyCreated) => setOpen({ dialog: "shown", key });
  const columns = keyColumns({
    may,
    onRotate: (key) => setOpen({ dialog: "rotate", key }),
    onRevoke: (key) => setOpen({ dialog: "revoke", key }),
  });
  return (
    <Page
      title="API Keys"
      description="For pipelines and scripts. A key can do what its permissions and its creator's role both allow."
      actions={may && (
        <Button
          look="primary"
          icon={<Plus aria-hidden />}
          onClick={() => setOpen({ dialog: "new" })}
        >
          New key
        </Button>
      )}
    >
      <Card>
        {fault ? <ErrorState error={fault} onRetry={() => keys.refetch()} /> : keys.data
            ?.length === 0
          ? (
            <EmptyState icon={<KeyRound />} title="No API keys yet">
              {may
                ? "Make one for your pipeline with the button above. The key is shown once."
                : "Keys that people of your organization make appear here."}
            </EmptyState>
          )
          : (
            <Table
              label="API keys"
              columns={columns}
              expected={3}
              tall
              rows={keys.data && sorted(keys.data)}
              dim={(key) => isEnded(key)}
            />
          )}
      </Card>
      <Suspense>
        {open?.dialog === "new" && <NewKey onClose={close} onCreated={show} />}
        {open?.dialog === "shown" && <KeyShown created={open.key} onClose={close} />}
        {open?.dialog === "rotate" && <RotateKey apiKey={open.key} onClose={close} onCreated={show} />}
        {open?.dialog === "revoke" && <RevokeKey apiKey={open.key} onClose={close} />}
      </Suspense>
    </Page>
  );
}

/** Keys that work first, the newest on top. */
function sorted(keys: ApiKey[]): ApiKey[] {
  return [...keys].sort((a, b) =>
    Number(isEnded(a)) - Number(isEnded(b)) || b.created_at.localeCompare(a.created_at)
  );
}
