/** What can be done with one key. */
import { Pencil, RefreshCw, Trash2 } from "lucide-react";
import type { ApiKey } from "../../../shared/contracts/api_keys.ts";
import { MenuAction, MoreMenu } from "../ui/menu.tsx";
import { isEnded } from "./key_status.tsx";

/** What each choice leads to. */
export interface KeyMenuProps {
  apiKey: ApiKey;
  onEdit: (key: ApiKey) => void;
  onRotate: (key: ApiKey) => void;
  onRevoke: (key: ApiKey) => void;
}

/** The menu; a key that has ended has none. */
export function KeyMenu({ apiKey, onEdit, onRotate, onRevoke }: KeyMenuProps) {
  if (isEnded(apiKey)) return null;
  return (
    <MoreMenu label={`Actions for ${apiKey.name}`}>
      <MenuAction onClick={() => onEdit(apiKey)}>
        <Pencil aria-hidden />
        Edit
      </MenuAction>
      {apiKey.replaced_by === null && (
        <MenuAction onClick={() => onRotate(apiKey)}>
          <RefreshCw aria-hidden />
          Rotate
        </MenuAction>
      )}
      <MenuAction isDangerous onClick={() => onRevoke(apiKey)}>
        <Trash2 aria-hidden />
        Revoke
      </MenuAction>
    </MoreMenu>
  );
}
