/** Judges a change of firewall rules by what they newly let through. */
import { isMostOfInternet } from "../address_range.ts";
import {
  describePorts,
  isLetThrough,
  type Opening,
  openingsOf,
  type OpenPorts,
  openToInternet,
  sensitivePortIn,
} from "../exposure.ts";
import { isFirewallMember } from "../firewalls_of_others.ts";
import { canonicalText, isRecord, type Json } from "../json.ts";
import { type Finding, oncePerPair, type Scene } from "./rule.ts";

/** Members of a firewall's configuration that are about what it lets through. */
const FIELD =
  /^(access|action|allow|deny|direction|disabled|egress|ingress|policy|priority|protocol|self|type|security_rule|rule_(action|no|number)|ip_protocol|(start|end)_ip(_address)?|(from|to)_port|port_range(_min|_max)?|prefix_list_ids?|security_groups|cidr(_ip|_ipv4|_ipv6)?|(ipv6_)?cidr_blocks?|(source|destination)_(address_prefix(es)?|port_ranges?|ranges|tags|service_accounts|security_group_id|application_security_group_ids)|referenced_security_group_id|remote_ip_prefix)$/;

type Direction = Opening["direction"];

/** By what the change is about: the rules inwards, those outwards, or a rule as a whole. */
const JUDGES = {
  ingress: oncePerPair((scene) => judgeOpenings(scene, ["in"])),
  egress: oncePerPair((scene) => judgeOpenings(scene, ["out"])),
  rule: oncePerPair((scene) => judgeOpenings(scene, ["in", "out"])),
};

/** @returns `undefined` when the change is not about what is let through */
export function judgeFirewall(scene: Scene): Finding | undefined {
  const root = scene.change.steps[0];
  if (typeof root !== "string") return undefined;
  const isOwn = /^(aws|awscc|azurerm|google)_/.test(scene.type);
  if (!(isOwn ? FIELD.test(root) : isFirewallMember(root))) return undefined;
  const finding = JUDGES[isOwn ? (root === "ingress" || root === "egress" ? root : "rule") : sideOf(root)](
    scene,
  );
  if (finding !== undefined) return finding;
  return sameButWords(scene.change.before, scene.change.after)
    ? { direction: "changed", severity: "low", reason: "Only descriptions of rules changed" }
    : undefined;
}

/** The direction that a member of another provider's firewall speaks of. */
function sideOf(root: string): keyof typeof JUDGES {
  return /^(ingress|inbound)/.test(root) ? "ingress" : /^(egress|outbound)/.test(root) ? "egress" : "rule";
}

function judgeOpenings(
  { type, before, after }: Scene,
  directions: readonly Direction[],
): Finding | undefined {
  const concerned = (openings: Opening[]) =>
    openings.filter(({ direction }) => directions.includes(direction));
  const [was, is] = [concerned(openingsOf(type, before)), concerned(openingsOf(type, after))];
  const opened = directions.flatMap((direction) => {
    const wasOpen = coveredBy(openToInternet(type, before, direction));
    return openToInternet(type, after, direction).filter((ports) => !wasOpen(ports))
      .map((ports) => ({ direction, ports }));
  });
  if (opened.length > 0) return judgeOpened(type, opened);
  const [gained, lost] = [newIn(is, was), newIn(was, is)];
  if (gained.some(({ allows }) => allows)) return judgeGained(type, gained.filter(({ allows }) => allows));
  if (lost.some(({ allows, ranges }) => !allows && isMostOfInternet(ranges))) {
    return {
      direction: "weaker",
      severity: "high",
      reason: "What was refused to the whole Internet no longer is",
    };
  }
  if (lost.some(({ allows }) => !allows)) {
    return { direction: "weaker", severity: "medium", reason: "What was refused no longer is" };
  }
  return lost.length + gained.length > 0
    ? { direction: "stronger", severity: "low", reason: "The network lets through less than before" }
    : undefined;
}

/** Of more, what changed counts without a look whether something wider was there. */
const MOST_COMPARISONS_EACH = 128;

/** What is in a list and within nothing of another one. */
function newIn(list: readonly Opening[], other: readonly Opening[]): Opening[] {
  const keyOf = ({ direction, allows, protocol, from, to, peer }: Opening) =>
    `${direction} ${allows} ${protocol} ${from} ${to} ${peer}`;
  const same = new Set(other.map(keyOf));
  const changed = list.filter((opening) => !same.has(keyOf(opening)));
  if (changed.length * other.length > MOST_COMPARISONS_EACH * (changed.length + other.length)) return changed;
  return changed.filter((opening) =>
    !other.some((by) => by.allows === opening.allows && isLetThrough(opening, by))
  );
}

interface Opened {
  direction: "in" | "out";
  ports: OpenPorts;
}

function judgeOpened(type: string, opened: Opened[]): Finding {
  const inwards = opened.filter(({ direction }) => direction === "in").map(({ ports }) => ports);
  if (inwards.length === 0) {
    const names = opened.slice(0, 3).map(({ ports }) => describePorts(ports)).join(", ");
    return { direction: "weaker", severity: "high", reason: `Open outwards to the whole Internet: ${names}` };
  }
  const worst = inwards.find((ports) => sensitivePortIn(ports) !== undefined);
  if (worst !== undefined) {
    const port = sensitivePortIn(worst)!;
    const which = worst.from === worst.to ? `${port}` : `${port} among ${describePorts(worst)}`;
    return {
      direction: "weaker",
      // Behind a network ACL there are still security groups.
      severity: type.includes("network_acl") ? "high" : "critical",
      reason: `An administration or database port is open to the whole Internet: ${which}`,
    };
  }
  const names = inwards.slice(0, 3).map(describePorts).join(", ");
  return { direction: "weaker", severity: "high", reason: `Open to the whole Internet: ${names}` };
}

/** The address that Azure's databases take as all of Azure, other customers' included. */
const ALL_OF_AZURE = "0.0.0.0-0.0.0.0";
const MANY_ADDRESSES = 256n;

function judgeGained(type: string, gained: Opening[]): Finding {
  if (gained.some(({ peer }) => peer === ALL_OF_AZURE)) {
    return {
      direction: "weaker",
      severity: "high",
      reason: "Every resource in Azure is let in, other customers' too",
    };
  }
  const isDatabase = /^azurerm_.*_firewall_rule$/.test(type);
  const isWide = gained.some(({ ranges }) =>
    ranges.some(({ first, last }) => last - first >= MANY_ADDRESSES)
  );
  return {
    direction: "weaker",
    severity: isDatabase && isWide ? "high" : "medium",
    reason: "The network lets through more than before",
  };
}

/** Tells of ports whether they were open already, by one range, several together, or all of their protocol. */
function coveredBy(open: readonly OpenPorts[]): (ports: OpenPorts) => boolean {
  const byProtocol = new Map<string, { from: number; to: number }[]>();
  for (const { protocol, from, to } of open.toSorted((a, b) => a.from - b.from)) {
    const ranges = byProtocol.get(protocol) ?? [];
    byProtocol.set(protocol, ranges);
    const last = ranges.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else ranges.push({ from, to });
  }
  return ({ protocol, from, to }) =>
    ["-1", protocol].some((name) => {
      const ranges = byProtocol.get(name) ?? [];
      let [low, high] = [0, ranges.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ranges[middle]!.to < from) low = middle + 1;
        else high = middle;
      }
      const range = ranges[low];
      return range !== undefined && range.from <= from && to <= range.to;
    });
}

function sameButWords(before: Json | undefined, after: Json | undefined): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return false;
  const plain = (list: Json[]) =>
    new Set(list.map((rule) => {
      if (!isRecord(rule)) return canonicalText(rule);
      const { description: _words, ...rest } = rule;
      return canonicalText(rest);
    }));
  const [a, b] = [plain(before), plain(after)];
  return a.size === b.size && [...a].every((rule) => b.has(rule));
}
