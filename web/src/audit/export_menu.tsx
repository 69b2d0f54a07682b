/** Saves what the filters let through as a file. */
import { useMutation } from "@tanstack/react-query";
import { Download, LoaderCircle } from "lucide-react";
import { type AuditEvent, listAuditEvents } from "../../../shared/contracts/audit.ts";
import { explainDeed } from "../api/explain.ts";
import { useServices } from "../app/services.ts";
import { DropMenu, MenuAction } from "../ui/menu.tsx";
import { sayCount } from "../ui/numbers.ts";
import { saveFile, toCsv } from "./export.ts";

/** More than that is for the command, which writes as it reads. */
const MOST_EVENTS = 50_000;

/** The menu of formats. @param query the filters in force */
export function ExportMenu({ query }: { query: Record<string, string | undefined> }) {
  const { api } = useServices();
  const save = useMutation({
    mutationFn: async (format: "csv" | "json") => {
      const events: AuditEvent[] = [];
      for await (const event of api.items(listAuditEvents, { query })) {
        if (events.push(event) >= MOST_EVENTS) break;
      }
      const name = `audit-log-${new Date().toISOString().slice(0, 10)}.${format}`;
      if (format === "csv") saveFile(name, "text/csv", toCsv(events));
      else saveFile(name, "application/json", `${JSON.stringify(events, null, 2)}\n`);
      return events.length;
    },
  });
  return (
    <>
      <span role="status" className={`text-[13px] ${save.isError ? "text-danger" : "text-muted"}`}>
        {save.isError && explainDeed(save.error)}
        {save.data !== undefined && `${sayCount(save.data, "event")} saved.`}
        {save.data === MOST_EVENTS && " There are more: narrow the filters, or use `infraudit audit list`."}
      </span>
      <DropMenu
        disabled={save.isPending}
        button={
          <>
            {save.isPending
              ? <LoaderCircle aria-hidden className="animate-spin" />
              : <Download aria-hidden />}
            Export
          </>
        }
      >
        <MenuAction onClick={() => save.mutate("csv")}>As CSV</MenuAction>
        <MenuAction onClick={() => save.mutate("json")}>As JSON</MenuAction>
      </DropMenu>
    </>
  );
}
