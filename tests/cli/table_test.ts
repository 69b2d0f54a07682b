/** Tables fit the terminal, are whole and tab-separated when piped, and let no control character through. */
import assert from "node:assert/strict";
import pc from "picocolors";
import stringWidth from "string-width";
import { type Column, renderRecord, renderTable } from "../../cli/output/table.ts";
import type { Terminal } from "../../cli/terminal/terminal.ts";

function terminal(isDataTty: boolean, width = 80): Terminal {
  const colors = pc.createColors(false);
  const silent = () => Promise.resolve();
  return {
    isDataTty,
    width,
    colors,
    talkColors: colors,
    isTalkTty: false,
    canAsk: false,
    data: silent,
    talk: silent,
  };
}

interface Row {
  id: number;
  name: string | null;
}
const columns: Column<Row>[] = [{ title: "id", value: (row) => row.id }, {
  title: "name",
  value: (row) => row.name,
}];

Deno.test("piped: titles and values by tabs, nothing cut, even without rows", () => {
  const long = "x".repeat(300);
  assert.equal(renderTable(terminal(false), columns, [{ id: 1, name: long }]), `id\tname\n1\t${long}\n`);
  assert.equal(renderTable(terminal(false), columns, []), "id\tname\n");
  assert.equal(
    renderRecord(terminal(false), [["id", 1], ["name", null], ["gone", undefined]]),
    "id\t1\nname\t-\n",
  );
});

Deno.test("on a terminal: aligned under titles, no borders, an ellipsis where something is cut", () => {
  const rows = [{ id: 1, name: "short" }, { id: 12345, name: "a name that is far too long for this" }];
  assert.equal(
    renderTable(terminal(true, 20), columns, rows),
    "ID     NAME\n1      short\n12345  a name that …\n",
  );
  assert.equal(renderTable(terminal(true), columns, []), "");
});

Deno.test("times are shown to the minute on a terminal, and whole when piped", () => {
  const rows = [{ id: 1, name: "2026-11-24T09:30:15.123+00:00" }, {
    id: 2,
    name: "2026-11-24T09:30:15+02:00",
  }];
  assert.match(
    renderTable(terminal(true), columns, rows),
    /^1 {3}2026-11-24 09:30Z\n2 {3}2026-11-24T09:30:15\+02:00$/m,
  );
  assert.match(renderTable(terminal(false), columns, rows), /^1\t2026-11-24T09:30:15\.123\+00:00$/m);
});

Deno.test("no line is wider than the terminal, whatever its width and the script of the text", () => {
  const rows = ["plain", "日本語のリソース名", "emoji 🚀🚀🚀🚀🚀🚀", "ü".repeat(60)].map((name, id) => ({
    id,
    name,
  }));
  for (const width of [16, 20, 33, 80]) {
    for (const line of renderTable(terminal(true, width), columns, rows).split("\n")) {
      assert.ok(stringWidth(line) <= width, `${width}: ${line}`);
    }
  }
});

Deno.test("escape sequences, line breaks, tabs and direction marks in data reach no terminal", () => {
  const name = "a\u001b[31mred\nb\tc\u009b2J\u202eevil\u0007";
  for (const isTty of [true, false]) {
    const text = renderTable(terminal(isTty), columns, [{ id: 1, name }]);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(text.replaceAll(isTty ? "\n" : /[\n\t]/g, ""), /[\u0000-\u001f\u009b\u202e]/);
    assert.equal(text.split("\n").length, 3);
  }
});
