/** Menus of what can be done with one thing. */
import { Menu } from "@base-ui/react/menu";
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { buttonClass } from "./button.tsx";
import { classNames } from "./class_names.ts";

export const MENU_POPUP =
  "min-w-40 rounded-lg border bg-raised p-1 shadow-pop outline-none animate-pop max-h-80 overflow-y-auto";
export const MENU_ITEM =
  "flex h-8 cursor-pointer items-center gap-2 rounded-md px-2.5 text-[13px] outline-none select-none " +
  "data-highlighted:bg-hover max-sm:h-10 [&_svg]:size-4";

/** A button with three dots, and the menu it opens. @param label what the menu is about */
export function MoreMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger aria-label={label} className={buttonClass({ look: "ghost", size: "sm" })}>
        <Ellipsis aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-50">
          <Menu.Popup className={MENU_POPUP}>{children}</Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** One thing that can be done. */
export function MenuAction({ isDangerous, onClick, children }: {
  isDangerous?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Menu.Item className={classNames(MENU_ITEM, isDangerous && "text-danger")} onClick={onClick}>
      {children}
    </Menu.Item>
  );
}
