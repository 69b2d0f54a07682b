/** Ranges of IPv4 and IPv6 addresses, to tell how much of the Internet a list of them is. */
import type { Json } from "./json.ts";

/** Addresses from the first to the last, both included; a whole family has 2^32 or 2^128 of them. */
export interface AddressRange {
  family: 4 | 6;
  first: bigint;
  last: bigint;
}

const ANY: readonly AddressRange[] = [
  { family: 4, first: 0n, last: (1n << 32n) - 1n },
  { family: 6, first: 0n, last: (1n << 128n) - 1n },
];

/**
 * Reads `10.0.0.0/8`, `10.0.0.1`, `10.0.0.1-10.0.0.9`, `fd00::/8`; `*`, `any` and `internet` are every address.
 * @returns empty for anything else, such as a security group's id
 */
export function rangesOf(value: Json | undefined): readonly AddressRange[] {
  if (typeof value !== "string") return [];
  const text = value.trim();
  if (/^(\*|any|internet|all|-1)$/i.test(text)) return ANY;
  const [from, to, ...rest] = text.split("-");
  if (to !== undefined) return rest.length === 0 ? rangeBetween(from!, to) : [];
  const [address, prefix, ...more] = text.split("/");
  if (more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return [];
  const parsed = parseAddress(address!);
  if (parsed === undefined) return [];
  const width = parsed.family === 4 ? 32 : 128;
  const length = prefix === undefined ? width : Number(prefix);
  if (length > width) return [];
  const size = 1n << BigInt(width - length);
  const first = parsed.number / size * size;
  return [{ family: parsed.family, first, last: first + size - 1n }];
}

/** The range between two addresses of one family. @returns empty where they are none */
export function rangeBetween(from: string, to: string): readonly AddressRange[] {
  const [a, b] = [parseAddress(from.trim()), parseAddress(to.trim())];
  if (a === undefined || b === undefined || a.family !== b.family || b.number < a.number) return [];
  return [{ family: a.family, first: a.number, last: b.number }];
}

/** True when the ranges together are half of all addresses of their family, or more. */
export function isMostOfInternet(ranges: readonly AddressRange[]): boolean {
  return ([4, 6] as const).some((family) => {
    const half = family === 4 ? 1n << 31n : 1n << 127n;
    const sorted = ranges.filter((range) => range.family === family)
      .sort((a, b) => a.first < b.first ? -1 : a.first > b.first ? 1 : 0);
    let [total, end] = [0n, -1n];
    for (const { first, last } of sorted) {
      if (last <= end) continue;
      total += last - (first > end ? first - 1n : end);
      end = last;
    }
    return total >= half;
  });
}

/** True when a range lies within one of the others. */
export function isWithin(range: AddressRange, others: readonly AddressRange[]): boolean {
  return others.some(({ family, first, last }) =>
    family === range.family && first <= range.first && range.last <= last
  );
}

function parseAddress(text: string): { family: 4 | 6; number: bigint } | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const bytes = text.split(".").map(Number);
    if (bytes.some((byte) => byte > 255)) return undefined;
    return { family: 4, number: bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n) };
  }
  if (!text.includes(":") || !/^[0-9a-f:]+$/i.test(text)) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => half === "" ? [] : half.split(":"));
  const missing = 8 - head!.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head!, ...Array<string>(tail === undefined ? 0 : missing).fill("0"), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return { family: 6, number: groups.reduce((number, group) => number * 65_536n + BigInt(`0x${group}`), 0n) };
}
