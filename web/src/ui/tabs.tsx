/** Texts to be copied, one at a time. */
import { Tabs } from "@base-ui/react/tabs";
import { CopyButton } from "./copy_button.tsx";

/** Tabs with a text each. @param label what all of them are about */
export function CodeTabs({ label, tabs }: {
  label: string;
  tabs: readonly { id: string; name: string; text: string }[];
}) {
  return (
    <Tabs.Root defaultValue={tabs[0]?.id} className="grid min-w-0 overflow-hidden rounded-md border">
      <Tabs.List aria-label={label} className="flex overflow-x-auto border-b bg-sunken px-2">
        {tabs.map(({ id, name }) => (
          <Tabs.Tab
            key={id}
            value={id}
            className="-mb-px h-9 border-b-2 border-transparent px-2.5 text-[13px] whitespace-nowrap text-muted outline-offset-[-3px] hover:text-ink data-active:border-ink data-active:font-medium data-active:text-ink"
          >
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, name, text }) => (
        <Tabs.Panel key={id} value={id} tabIndex={-1} className="relative min-w-0">
          <pre
            tabIndex={0}
            aria-label={name}
            className="max-h-72 overflow-auto py-3 pr-24 pl-3 font-mono text-xs leading-5 outline-offset-[-2px]"
          >
            {text}
          </pre>
          <span className="absolute top-2 right-2">
            <CopyButton text={text} />
          </span>
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
