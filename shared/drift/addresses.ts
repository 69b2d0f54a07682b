/** IP addresses and ranges in one spelling: RFC 4632 without host bits, RFC 5952 for IPv6. */

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;
const IPV6 = /^([0-9a-f:]*:[0-9a-f:]*(?:\d{1,3}(?:\.\d{1,3}){3})?)(?:\/(\d{1,3}))?$/i;

/**
 * @param text perhaps an address or a range
 * @param keepsHostBits whether `10.0.0.1/8` names one address within its network, as an interface has it
 * @returns the range with its host bits cleared, one address without its length; `undefined` for anything else
 */
export function addressKey(text: string, keepsHostBits = false): string | undefined {
  const v4 = IPV4.exec(text);
  if (v4 !== null) {
    const bytes = v4.slice(1, 5).map(Number);
    const length = v4[5] === undefined ? 32 : Number(v4[5]);
    if (bytes.some((byte) => byte > 255) || length > 32) return undefined;
    if (!keepsHostBits) clear(bytes, 8, length);
    return length === 32 ? bytes.join(".") : `${bytes.join(".")}/${length}`;
  }
  const v6 = text.length > 64 ? null : IPV6.exec(text);
  if (v6 === null) return undefined;
  const groups = groupsOf(v6[1]!);
  const length = v6[2] === undefined ? 128 : Number(v6[2]);
  if (groups === undefined || length > 128) return undefined;
  if (!keepsHostBits) clear(groups, 16, length);
  const address = compress(groups);
  return length === 128 ? address : `${address}/${length}`;
}

function clear(parts: number[], bits: number, length: number): void {
  for (let index = 0; index < parts.length; index++) {
    const kept = Math.min(Math.max(length - index * bits, 0), bits);
    parts[index] = parts[index]! & ~(2 ** (bits - kept) - 1);
  }
}

/** The eight groups of an IPv6 address, or `undefined` where it is none. */
function groupsOf(text: string): number[] | undefined {
  const dotted = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (dotted !== null) {
    const [a, b, c, d] = dotted.slice(2).map(Number) as [number, number, number, number];
    if ([a, b, c, d].some((byte) => byte > 255)) return undefined;
    return groupsOf(`${dotted[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => half === "" ? [] : half.split(":"));
  const missing = 8 - head!.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const parts = [
    ...head!,
    ...Array.from({ length: tail === undefined ? 0 : missing }, () => "0"),
    ...tail ?? [],
  ];
  if (parts.some((part) => !/^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  return parts.map((part) => parseInt(part, 16));
}

/** The longest run of zeros, the first of equals, becomes `::`. */
function compress(groups: readonly number[]): string {
  let [start, length] = [-1, 1];
  for (let index = 0; index < groups.length; index++) {
    let end = index;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - index > length) [start, length] = [index, end - index];
    if (end > index) index = end - 1;
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (start === -1) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}
