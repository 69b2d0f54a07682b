/** Judges settings that a list or a resource names as data: database flags, parameters, cluster settings. */
import { valueAt } from "../field_path.ts";
import { isRecord, type Json, type JsonRecord, member } from "../json.ts";
import {
  type Compare,
  mustName,
  mustNotName,
  notLess,
  opposite,
  present,
  protects,
  ranked,
} from "./compare.ts";
import { tlsMinimum } from "./keys_and_tls.ts";
import { snakeCase } from "./names.ts";
import { type Finding, type Scene, type Severity, worstOf } from "./rule.ts";

interface Setting {
  /** The setting's name in snake case. */
  names: RegExp;
  compare: Compare;
  severity: Severity;
  weaker: string;
}

const LOGS = "The server logs less than before";
const EXPOSES = opposite(protects());

/** The first row that matches a name counts. */
const SETTINGS: readonly Setting[] = [
  {
    names: /^protocol_(ss_?lv[23]|tl_?sv1(\.1)?)$/,
    compare: EXPOSES,
    severity: "high",
    weaker: "Older versions of TLS are accepted",
  },
  {
    names: /^reference_security_policy$/,
    compare: tlsMinimum(),
    severity: "high",
    weaker: "Older versions of TLS are accepted",
  },
  {
    names: /^(managed_actions_enabled|health_streaming_enabled|stream_logs)$/,
    compare: present(),
    severity: "low",
    weaker: "The environment looks after itself less",
  },
  {
    names: /^(log_min_duration_statement)$/,
    compare: mustName(/^-1$/, true),
    severity: "low",
    weaker: "Statements are written to the log, with the data in them",
  },
  {
    names: /^(log_min_messages|log_min_error_statement)$/,
    compare: ranked(
      [
        "panic",
        "fatal",
        "log",
        "error",
        "warning",
        "notice",
        "info",
        "debug1",
        "debug2",
        "debug3",
        "debug4",
        "debug5",
      ],
      "warning",
    ),
    severity: "low",
    weaker: LOGS,
  },
  { names: /^log_temp_files$/, compare: mustName(/^0$/), severity: "medium", weaker: LOGS },
  {
    names: /^log_(retention|rotation)\w*$|_retention_\w+$/,
    compare: notLess(),
    severity: "medium",
    weaker: "Logs are kept for a shorter time",
  },
  {
    names: /^log_statement$/,
    compare: ranked(["none", "ddl", "mod", "all"], "none"),
    severity: "medium",
    weaker: LOGS,
  },
  {
    names:
      /(^|[._])(log|logging|audit\w*|pgaudit\w*|general_log|slow_query_log|enable_user_activity_logging|profiler)([._]|$)/,
    compare: present(),
    severity: "medium",
    weaker: LOGS,
  },
  {
    names: /^(require_secure_transport|rds\.force_ssl|force_ssl|require_ssl|ssl|tls|ssl_enabled)$/,
    compare: present(),
    severity: "high",
    weaker: "Connections without encryption are accepted",
  },
  {
    names: /^local_infile$/,
    compare: EXPOSES,
    severity: "high",
    weaker: "Clients may load files of theirs into the server",
  },
  {
    names:
      /^(cross_db_ownership_chaining|cross db ownership chaining|contained_database_authentication|contained database authentication|external scripts enabled|remote access|clr enabled|xp_cmdshell|ole automation procedures)$/,
    // The server's own default is not to be trusted with these: they count as off where they are set to off.
    compare: (facet) =>
      protects()({
        ...facet,
        before: facet.before.map((value) => OFF.test(String(value))),
        after: facet.after.map((value) => OFF.test(String(value))),
      }),
    severity: "medium",
    weaker: "A feature that widens access to the database is no longer off",
  },
  {
    names:
      /^(connection_throttling|connection_throttle\.enable|skip_show_database|cloudsql\.iam_authentication)$/,
    compare: present(),
    severity: "medium",
    weaker: "The server is less protected",
  },
  {
    names: /^container_?insights$/,
    compare: present(),
    severity: "low",
    weaker: "Containers are no longer watched",
  },
  {
    names: /^authorization_mode$|^anonymous_auth$/,
    compare: mustNotName(/always_?allow|true/i),
    severity: "high",
    weaker: "Callers are no longer checked",
  },
];

const OFF = /^(off|false|0|disabled)$/i;
const NAME_MEMBERS = ["name", "key", "parameter_name", "Name"];
const VALUE_MEMBERS = ["value", "values", "parameter_value", "Value"];

/** @returns `undefined` when the change is not within settings that the table knows */
export function judgeNamedSettings({ change, before, after }: Scene): Finding | undefined {
  const [was, is] = [new Map<string, Json>(), new Map<string, Json>()];
  const ownName = settingOf(before) ?? settingOf(after);
  if (change.steps.length === 1 && change.steps[0] === "value" && ownName !== undefined) {
    if (change.before !== undefined) was.set(ownName[0], change.before);
    if (change.after !== undefined) is.set(ownName[0], change.after);
  } else {
    const keyed = change.steps.findLast((step) => typeof step === "object");
    if (keyed !== undefined && typeof change.before !== "object" && typeof change.after !== "object") {
      const name = snakeCase(keyed.value);
      if (change.before !== undefined) was.set(name, change.before);
      if (change.after !== undefined) is.set(name, change.after);
    } else {
      const place = parentOf(change.steps);
      const [old, now] = place === undefined
        ? [change.before, change.after]
        : [valueAt(before, place), valueAt(after, place)];
      collect(old, was);
      collect(now, is);
    }
  }
  const findings: Finding[] = [];
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const setting = SETTINGS.find(({ names }) => names.test(name));
    if (setting === undefined) continue;
    const sides = [was, is].map((side) => side.has(name) ? [textual(side.get(name)!)] : []);
    const direction = setting.compare({ field: name, before: sides[0]!, after: sides[1]! });
    if (direction === undefined) continue;
    findings.push(
      direction === "stronger"
        ? { direction, severity: "low", reason: `The setting ${name} is stronger than before` }
        : { direction, severity: setting.severity, reason: `${setting.weaker}: ${name}` },
    );
  }
  return worstOf(findings);
}

/** The steps to the element that a changed `value` belongs to. */
function parentOf(steps: Scene["change"]["steps"]): Scene["change"]["steps"] | undefined {
  const last = steps.at(-1);
  return steps.length > 1 && typeof last === "string" && VALUE_MEMBERS.includes(last)
    ? steps.slice(0, -1)
    : undefined;
}

/** The name and value of a block that is one setting. */
function settingOf(record: JsonRecord): [name: string, value: Json] | undefined {
  const name = NAME_MEMBERS.map((key) => member(record, key)).find((value) => typeof value === "string");
  const value = VALUE_MEMBERS.map((key) => member(record, key)).find((value) => value !== undefined);
  return typeof name !== "string" || value === undefined ? undefined : [snakeCase(name), value];
}

/** Every setting in a value, at any depth. */
function collect(value: Json | undefined, into: Map<string, Json>): void {
  if (Array.isArray(value)) { for (const element of value) collect(element, into); }
  else if (isRecord(value)) {
    const setting = settingOf(value);
    if (setting !== undefined) into.set(...setting);
    for (const inner of Object.values(value)) if (typeof inner === "object") collect(inner, into);
  }
}

function textual(value: Json): Json {
  return typeof value === "number" ? String(value) : value;
}
