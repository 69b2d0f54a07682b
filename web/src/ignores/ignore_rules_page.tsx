/** Settings → Ignore rules: which drifts the organization knows of and doesn't want to hear about. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { BellOff, Pencil, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import { type IgnoreRule, listIgnoreRules } from "../../../shared/contracts/ignore_rules.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { Badge, Code } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/feedback.tsx";
import { MenuAction, MoreMenu } from "../ui/menu.tsx";
import { sayDay } from "../ui/moment.tsx";
import { Card, Page } from "../ui/page.tsx";
import { PagedList } from "../ui/paged_list.tsx";
import { type Column, Table } from "../ui/table.tsx";

const RuleDialog = late(() => import("./ignore_rule_dialog.tsx").then((m) => m.IgnoreRuleDialog));
const RemoveRule = late(() => import("./remove_rule_dialog.tsx").then((m) => m.RemoveRuleDialog));

type Open = { dialog: "new" } | { dialog: "edit" | "remove"; rule: IgnoreRule };

/** The view. */
export function IgnoreRulesPage() {
  const { api } = useServices();
  const { page } = useSearch({ from: "/app/settings/ignore-rules" });
  const navigate = useNavigate({ from: "/settings/ignore-rules" });
  const may = useCan("drifts:write");
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const rules = useQuery({
    queryKey: ["ignore-rules", page],
    queryFn: ({ signal }) => api.call(listIgnoreRules, { query: { page } }, { signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <Page
      title="Ignore rules"
      description="Drifts that are expected: not counted, listed or told."
      actions={may && <Button look="primary" onClick={() => setOpen({ dialog: "new" })}>New rule</Button>}
    >
      <p className="text-[13px]">
        <Link
          to="/drifts"
          search={{ ignored: true }}
          className="font-medium text-accent underline-offset-4 hover:underline"
        >
          See the drifts that are ignored now
        </Link>
      </p>
      <Card>
        <PagedList
          list={rules}
          onPage={(page) => navigate({ search: { page } })}
          empty={
            <EmptyState icon={<BellOff />} title="Nothing is ignored">
              Some drift is meant to be, such as what an autoscaler changes. Open it and choose “Ignore
              this…”.
            </EmptyState>
          }
        >
          {(rows) => (
            <Table
              label="Ignore rules"
              rows={rows}
              expected={3}
              tall
              dim={hasEnded}
              columns={[...COLUMNS, {
                heading: "Actions",
                hideHeading: true,
                className: "w-16 text-right",
                cell: (rule) =>
                  may && (
                    <MoreMenu label={`Actions for “${rule.reason}”`}>
                      <MenuAction onClick={() => setOpen({ dialog: "edit", rule })}>
                        <Pencil aria-hidden />
                        Edit
                      </MenuAction>
                      <MenuAction isDangerous onClick={() => setOpen({ dialog: "remove", rule })}>
                        <Trash2 aria-hidden />
                        Remove
                      </MenuAction>
                    </MoreMenu>
                  ),
              }]}
            />
          )}
        </PagedList>
      </Card>
      <Suspense>
        {open?.dialog === "new" && <RuleDialog onClose={close} />}
        {open?.dialog === "edit" && <RuleDialog rule={open.rule} onClose={close} />}
        {open?.dialog === "remove" && <RemoveRule rule={open.rule} onClose={close} />}
      </Suspense>
    </Page>
  );
}

function hasEnded({ until }: IgnoreRule): boolean {
  return until !== null && Date.parse(until) <= Date.now();
}

const COLUMNS: Column<IgnoreRule>[] = [
  {
    heading: "Rule",
    cell: (rule) => (
      <span className="grid min-w-0 gap-1">
        <bdi className="font-medium break-words">{rule.reason}</bdi>
        <span className="flex flex-wrap gap-1">
          {rule.resource_type && <Code className="break-all">type {rule.resource_type}</Code>}
          {rule.external_id && <Code className="break-all">id {rule.external_id}</Code>}
          {rule.field && <Code className="break-all">field {rule.field}</Code>}
          {rule.severity_at_most && <Badge dot={false}>Up to {rule.severity_at_most}</Badge>}
        </span>
      </span>
    ),
  },
  {
    heading: "Ends",
    className: "w-30",
    cell: (rule) =>
      hasEnded(rule)
        ? "Ended"
        : rule.until
        ? <time dateTime={rule.until}>{sayDay(rule.until)}</time>
        : <span className="text-muted">Never</span>,
  },
];
