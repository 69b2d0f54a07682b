/** Guarantee: an import over the limits is cut resource by resource, each once, with every number as it was spelt. */
import assert from "node:assert/strict";
import { decode } from "../../cli/imports/read_file.ts";
import { elementsAt, membersAt } from "../../cli/imports/json_slices.ts";
import { valuesIn } from "../../shared/contracts/import_size.ts";
import { splitImport } from "../../cli/imports/split_import.ts";

const LIMITS = { bytes: 400, resources: 3, values: 60 };
const byteLength = (text: string) => new TextEncoder().encode(text).length;

const row = (id: string) =>
  `{ "external_id": "${id}", "configuration": {"big": 12345678901234567890, "size": 1.0, "text": "],}\\"ü" } }`;
const resource = (address: string, id: string) =>
  `{"address":"${address}","mode":"managed","type":"t","provider_name":"p","values":{"id":"${id}","n":1.50}}`;

Deno.test("what fits is sent as it is", () => {
  const text = ` [ ${row("a")} ] `;
  assert.deepEqual(splitImport(text, LIMITS), [{ text, resources: 1 }]);
});

Deno.test("an array, a shown state with modules and a raw state come out whole, in order, within the limits", () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const array = `[${ids.map(row).join(" ,\n ")}]`;
  const show =
    `{"format_version":"1.0","terraform_version":"1.9.0","values":{"outputs":{},"root_module":{"resources":[${
      ids.slice(0, 3).map((id) => resource(`t.${id}`, id)).join(",")
    }],"child_modules":[{"address":"module.m","resources":[${
      ids.slice(3).map((id) => resource(`module.m.t.${id}`, id)).join(", ")
    }]}]}}}`;
  const state = `{"version":4,"lineage":"l","serial":12345678901234567890,"resources":[${
    ids.map((id) =>
      `{"mode":"managed","type":"t","name":"${id}","instances":[{"attributes":{"id":"${id}","n":1.50}}]}`
    )
      .join(",")
  }]}`;
  for (const text of [array, show, state]) {
    const parts = splitImport(text, LIMITS) ?? [];
    assert.ok(parts.length >= 3);
    assert.equal(parts.reduce((sum, part) => sum + part.resources, 0), ids.length);
    const found = parts.flatMap((part) => {
      assert.ok(byteLength(part.text) <= LIMITS.bytes, part.text);
      assert.ok(part.resources <= LIMITS.resources);
      JSON.parse(part.text);
      return [...part.text.matchAll(/"(?:external_id|id)": ?"(\w)"/g)].map((match) => match[1]);
    });
    assert.deepEqual(found, ids);
    const numbers = /12345678901234567890|1\.0|1\.50/g;
    const perRow = (text.match(numbers) ?? []).length / ids.length;
    for (const part of parts) {
      assert.ok((part.text.match(numbers) ?? []).length >= Math.floor(perRow) * part.resources);
    }
    if (text !== array) assert.match(parts[1]?.text ?? "", /"format_version":"1\.0"|"lineage":"l"/);
  }
});

Deno.test("an import of many small values is cut by their number", () => {
  const many = (id: string) => `{"external_id":"${id}","configuration":{"text":"[1,2,3]","list":[1,2,3]}}`;
  const text = `[${["a", "b", "c", "d", "e"].map(many).join(",")}]`;
  const parts = splitImport(text, { bytes: 10_000, resources: 1_000, values: 25 }) ?? [];
  assert.deepEqual(parts.map(({ resources }) => resources), [2, 2, 1]);
  for (const part of parts) assert.ok(valuesIn(part.text) <= 25, part.text);
  assert.equal(splitImport(text, { bytes: 10_000, resources: 1_000, values: 5 }), undefined);
});

Deno.test("resources that claim one identity stay in one part: the API tells them apart only there", () => {
  const addresses = ["t.a", "t.b", "t.c", "t.d", "t.e"];
  const text = `{"format_version":"1.0","values":{"root_module":{"resources":[${
    addresses.map((address, at) => resource(address, at === 0 || at === 4 ? "same" : address)).join(",")
  }]}}}`;
  const parts = splitImport(text, LIMITS) ?? [];
  assert.ok(parts.length > 1);
  const holders = parts.filter((part) => part.text.includes('"same"'));
  assert.equal(holders.length, 1);
  assert.equal(holders[0]?.text.match(/"same"/g)?.length, 2);
});

Deno.test("what can't be cut is said: a plan, one resource larger than a request, another format", () => {
  const long = "x".repeat(500);
  for (
    const text of [
      `{"format_version":"1.0","planned_values":{},"x":"${long}"}`,
      `[{"external_id":"${long}"}]`,
      `{"kind":"List","items":["${long}"]}`,
      `"${long}"`,
    ]
  ) assert.equal(splitImport(text, LIMITS), undefined);
});

Deno.test("slices are the text between the commas, whatever strings hold", () => {
  const text = ' {"a" : [1, "],\\"", {"x":[]}] , "b\\n":-1e5,"c":{} }';
  const members = [...membersAt(text)].map(([name, { from, to }]) => [name, text.slice(from, to)]);
  assert.deepEqual(members, [["a", '[1, "],\\"", {"x":[]}]'], ["b\n", "-1e5"], ["c", "{}"]]);
  assert.deepEqual(elementsAt("[ ]"), []);
  assert.deepEqual(elementsAt("[1,[2,3] ]").length, 2);
});

Deno.test("UTF-8 and UTF-16 of both orders are read, with and without a byte order mark", () => {
  const text = '[{"name":"Zürich"}]';
  const units = Uint16Array.from(text, (character) => character.charCodeAt(0));
  const little = new Uint8Array(units.buffer);
  const big = little.map((_, at) => little[at ^ 1] ?? 0);
  const rows: Uint8Array[] = [
    new TextEncoder().encode(text),
    new TextEncoder().encode(`\ufeff${text}`),
    little,
    Uint8Array.of(0xff, 0xfe, ...little),
    big,
    Uint8Array.of(0xfe, 0xff, ...big),
  ];
  for (const bytes of rows) assert.equal(decode(bytes), text);
});
