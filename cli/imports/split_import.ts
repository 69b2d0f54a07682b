/** Cuts an import that is over the API's limits into parts, resource by resource. */
import { valuesIn } from "../../shared/contracts/import_size.ts";
import { elementsAt, membersAt } from "./json_slices.ts";

/** One request's worth. */
export interface ImportPart {
  text: string;
  resources: number;
}

export interface ImportLimits {
  bytes: number;
  resources: number;
  /** As `valuesIn` counts them. */
  values: number;
}

/** One resource of the document. */
interface Piece {
  text: string;
  bytes: number;
  resources: number;
  values: number;
  /** Pieces with the same key go together: the API tells resources with one identity apart within a request. */
  key: string;
}

type Json = Record<string, unknown>;

/**
 * @param text valid JSON, or lines of it
 * @returns the text itself where it fits; else its parts, or nothing where its format can't be cut
 */
export function splitImport(text: string, limits: ImportLimits): ImportPart[] | undefined {
  const document = parse(text);
  const cut = cutterOf(text, document);
  const resources = cut ? cut.pieces.reduce((sum, piece) => sum + piece.resources, 0) : 0;
  const whole = { bytes: byteLength(text), resources, values: valuesIn(text) };
  if (fits(whole, limits)) return [{ text, resources }];
  if (!cut) return undefined;
  const around = cut.head + cut.tail;
  const room: ImportLimits = {
    bytes: limits.bytes - byteLength(around),
    resources: limits.resources,
    values: limits.values - valuesIn(around),
  };
  const parts: Piece[][] = [[]];
  let used = NOTHING;
  for (const group of groupByKey(cut.pieces)) {
    // With the comma between it and its neighbour.
    const size = group.reduce((sum, piece) => plus(sum, plus(piece, COMMA)), NOTHING);
    if (!fits(size, room)) return undefined;
    if (!fits(plus(used, size), room)) {
      parts.push([]);
      used = NOTHING;
    }
    parts.at(-1)?.push(...group);
    used = plus(used, size);
  }
  return parts.map((pieces) => ({
    text: cut.head + pieces.map((piece) => piece.text).join(",") + cut.tail,
    resources: pieces.reduce((sum, piece) => sum + piece.resources, 0),
  }));
}

const NOTHING: ImportLimits = { bytes: 0, resources: 0, values: 0 };
const COMMA: ImportLimits = { bytes: 1, resources: 0, values: 1 };

function fits(size: ImportLimits, room: ImportLimits): boolean {
  return size.bytes <= room.bytes && size.resources <= room.resources && size.values <= room.values;
}

function plus(a: ImportLimits, b: ImportLimits): ImportLimits {
  return { bytes: a.bytes + b.bytes, resources: a.resources + b.resources, values: a.values + b.values };
}

interface Cut {
  head: string;
  pieces: Piece[];
  tail: string;
}

function cutterOf(text: string, document: unknown): Cut | undefined {
  if (Array.isArray(document)) return cutArray(text, document);
  if (document === null || typeof document !== "object") return undefined;
  if ("format_version" in document && !("planned_values" in document) && !("resource_changes" in document)) {
    return cutShow(text, document as Json);
  }
  if ("version" in document && "resources" in document) return cutState(text, document as Json);
  return undefined;
}

function cutArray(text: string, rows: unknown[]): Cut {
  const pieces = elementsAt(text).map(({ from, to }, at) =>
    toPiece(text.slice(from, to), String(Object(rows[at]).external_id ?? at), 1)
  );
  return { head: "[", pieces, tail: "]" };
}

/** `terraform show -json` of a state: modules are only where a resource stands, its address says the same. */
function cutShow(text: string, document: Json): Cut {
  const top = membersAt(text);
  const values = top.get("values");
  const root = values && membersAt(text, values.from).get("root_module");
  const pieces: Piece[] = [];
  if (root) collectModule(text, root.from, Object(Object(document.values).root_module), pieces);
  const head = [...top].filter(([name]) => name !== "values")
    .map(([name, { from, to }]) => `${JSON.stringify(name)}:${text.slice(from, to)},`).join("");
  return { head: `{${head}"values":{"root_module":{"resources":[`, pieces, tail: "]}}}" };
}

function collectModule(text: string, at: number, module: Json, pieces: Piece[]): void {
  const members = membersAt(text, at);
  const resources = members.get("resources");
  const rows = listOf(module.resources);
  if (resources && rows.length > 0) {
    elementsAt(text, resources.from).forEach(({ from, to }, index) => {
      const row = Object(rows[index]);
      pieces.push(toPiece(text.slice(from, to), identityOf(row.values) ?? String(row.address), 1));
    });
  }
  const children = members.get("child_modules");
  const modules = listOf(module.child_modules);
  if (!children || modules.length === 0) return;
  elementsAt(text, children.from).forEach(({ from }, index) => {
    collectModule(text, from, Object(modules[index]), pieces);
  });
}

/** A raw state of version 4: each block with all its instances. */
function cutState(text: string, document: Json): Cut {
  const top = membersAt(text);
  const resources = top.get("resources");
  const rows = listOf(document.resources);
  const pieces = resources
    ? elementsAt(text, resources.from).map(({ from, to }, at) => {
      const row = Object(rows[at]);
      const instances = listOf(row.instances);
      const key = identityOf(Object(instances[0]).attributes) ?? `${row.module}.${row.type}.${row.name}`;
      return toPiece(text.slice(from, to), key, instances.length);
    })
    : [];
  const head = [...top].filter(([name]) => name !== "resources")
    .map(([name, { from, to }]) => `${JSON.stringify(name)}:${text.slice(from, to)},`).join("");
  return { head: `{${head}"resources":[`, pieces, tail: "]}" };
}

function identityOf(values: unknown): string | undefined {
  const { arn, id } = Object(values) as { arn?: unknown; id?: unknown };
  const found = arn ?? id;
  return typeof found === "string" && found !== "" ? found : undefined;
}

function toPiece(text: string, key: string, resources: number): Piece {
  return { text, bytes: byteLength(text), resources, values: valuesIn(text), key };
}

/** In the order of first appearance. */
function groupByKey(pieces: Piece[]): Piece[][] {
  const groups = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const group = groups.get(piece.key);
    if (group) group.push(piece);
    else groups.set(piece.key, [piece]);
  }
  return [...groups.values()];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
