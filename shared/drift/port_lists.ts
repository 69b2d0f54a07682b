/** Lists of ports and port ranges, as firewalls of Google and Azure write them: adjacent ones are one range. */
import { canonicalText, isRecord, type Json, type JsonRecord } from "./json.ts";
import { protocolName } from "./spellings.ts";

const PORT_LISTS = new Set(["ports", "source_port_ranges", "destination_port_ranges", "port_ranges"]);
const MAX_PORT = 65_535;

/** @returns the ranges, where adjacent or overlapping ones could be joined; else the list as it is */
export function joinPorts(name: string, list: Json[]): Json[] {
  if (list.length < 2 || !PORT_LISTS.has(name)) return list;
  const ranges: [number, number][] = [];
  for (const value of list) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(
      typeof value === "number" ? String(value) : textOf(value),
    );
    if (match === null) return list;
    const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (from > to || to > MAX_PORT) return list;
    ranges.push([from, to]);
  }
  const joined: [number, number][] = [];
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  if (joined.length === list.length) return list;
  return joined.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`);
}

/**
 * Blocks of a Google firewall that differ in nothing but their ports, as one with all of them.
 * @param sorted brings a set of ports into its order
 */
export function joinPortBlocks(blocks: Json[], sorted: (ports: Json[]) => Json[]): Json[] {
  const found = new Map<string, { block: JsonRecord; ports: Json[]; hasAll: boolean }>();
  for (const block of blocks) {
    if (!isRecord(block) || typeof block.protocol !== "string") return blocks;
    const { ports = [], ...rest } = block;
    if (!Array.isArray(ports)) return blocks;
    const key = canonicalText({ ...rest, protocol: protocolName(block.protocol) });
    const known = found.get(key) ?? { block: rest, ports: [], hasAll: false };
    found.set(key, known);
    // Without ports a block is for all of them.
    if (ports.length === 0) known.hasAll = true;
    for (const port of ports) known.ports.push(port);
  }
  if (found.size === blocks.length) return blocks;
  return [...found.values()].map(({ block, ports, hasAll }) =>
    hasAll ? block : { ...block, ports: sorted(joinPorts("ports", ports)) }
  );
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : "";
}
