/** Menus of what can be done with one thing, on the browser's own popover. */
import { Ellipsis } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { buttonClass, type ButtonLook } from "./button.tsx";
import { classNames } from "./class_names.ts";

const GAP_PX = 4;
const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * A button, and the menu below it while it is open.
 * @param label what the menu is about, where the button's own words don't say it
 */
export function DropMenu({ button, label, look = "secondary", size, disabled, children }: ButtonLook & {
  button: ReactNode;
  label?: string;
  disabled?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const items = () => [...popup.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? []];
  const place = () => {
    if (!trigger.current || !popup.current) return;
    const { right, bottom, top } = trigger.current.getBoundingClientRect();
    const { style, offsetWidth, offsetHeight } = popup.current;
    style.left = `${Math.max(8, right - offsetWidth)}px`;
    const fits = bottom + GAP_PX + offsetHeight < innerHeight;
    style.top = `${fits ? bottom + GAP_PX : Math.max(8, top - GAP_PX - offsetHeight)}px`;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const all = items();
    if (event.key === "Tab") popup.current?.hidePopover();
    if (!step || all.length === 0) return;
    event.preventDefault();
    const at = all.findIndex((item) => item === document.activeElement);
    all[step(at, all.length)]?.focus();
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        popoverTarget={id}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        disabled={disabled}
        className={buttonClass({ look, size })}
      >
        {button}
      </button>
      <div
        ref={popup}
        id={id}
        popover="auto"
        role={isOpen ? "menu" : undefined}
        aria-label={isOpen ? label ?? "Choices" : undefined}
        onToggle={(event) => {
          setOpen(event.newState === "open");
          if (event.newState !== "open") return;
          place();
          requestAnimationFrame(() => {
            place();
            items()[0]?.focus({ preventScroll: true });
          });
        }}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const item = (event.target as Element).closest("[role=menuitem]");
          if (item && !item.hasAttribute("data-stays")) popup.current?.hidePopover();
        }}
        className="fixed inset-auto m-0 max-h-80 min-w-40 overflow-y-auto rounded-lg border bg-raised p-1 text-left text-ink shadow-pop"
      >
        {isOpen && children}
      </div>
    </>
  );
}

/** A button with three dots, and the menu it opens. @param label what the menu is about */
export function MoreMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <DropMenu label={label} look="ghost" size="sm" button={<Ellipsis aria-hidden />}>
      {children}
    </DropMenu>
  );
}

/** One thing that can be done. @param stays the menu stays open */
export function MenuAction({ isDangerous, stays, label, onClick, children }: {
  isDangerous?: boolean;
  stays?: boolean;
  label?: string;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-label={label}
      data-stays={stays || undefined}
      onClick={onClick}
      className={classNames(
        "flex h-8 w-full items-center gap-2 rounded-md px-2.5 text-[13px] whitespace-nowrap outline-offset-[-2px] hover:bg-hover focus:bg-hover max-sm:h-10 [&_svg]:size-4",
        isDangerous && "text-danger",
      )}
    >
      {children}
    </button>
  );
}
