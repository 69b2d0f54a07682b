/** How long an ignore rule lives, as a choice. */
import type { IgnoreRule } from "../../../shared/contracts/ignore_rules.ts";
import { sayDay } from "../ui/moment.tsx";

/** The choice that leaves a rule's end as it is. */
export const KEEP = "keep";
const FOR_GOOD = "never";
const DAY_MS = 86_400_000;

const CHOICES = [
  { value: "1", label: "In a day" },
  { value: "7", label: "In a week" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: FOR_GOOD, label: "Never" },
];

/** What can be chosen. @param rule the one that is changed; absent for a new one */
export function lifeChoices(rule: IgnoreRule | undefined) {
  if (!rule) return CHOICES;
  return [
    { value: KEEP, label: rule.until ? `As before: ${sayDay(rule.until)}` : "As before: never" },
    ...CHOICES,
  ];
}

/** The end that a choice means, RFC 3339; null means never. @param before the end so far */
export function untilOf(choice: string, before: string | null): string | null {
  if (choice === KEEP) return before;
  return choice === FOR_GOOD ? null : new Date(Date.now() + Number(choice) * DAY_MS).toISOString();
}
