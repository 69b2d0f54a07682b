/** Tables fit the terminal, are whole and tab-separated when piped, and let no control character through. */
import assert from "node:assert/strict";
import pc from "picocolors";
import stringWidth from "string-width";
import { DRIFT_COLUMNS } from "../../cli/commands/drift_columns.ts";
import { renderRecord } from "../../cli/output/record.ts";
import { type Column, renderTable } from "../../cli/output/table.ts";
import { sampleDrift } from "./samples.ts";

function terminal(isDataTty: boolean, width = 80) {
  const colors = pc.createColors(false);
  return { isDataTty, width, colors };
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

Deno.test("times are told from now on a terminal, with the minute beside a single one, and whole when piped", () => {
  const now = Date.parse("2026-11-24T09:33:20Z");
  const rows: [time: string, told: string][] = [
    ["2026-11-24T09:30:15.123+00:00", "3 minutes ago"],
    ["2026-11-24T09:33:00Z", "just now"],
    ["2026-11-24T10:30:15+02:00", "1 hour ago"],
    ["2026-11-26T09:33:20Z", "in 2 days"],
    ["2025-01-01T00:00:00Z", "1 year ago"],
    ["2026-99-99T00:00:00Z", "2026-99-99T00:00:00Z"],
  ];
  for (const [name, told] of rows) {
    const text = renderTable(terminal(true), columns, [{ id: 1, name }], now);
    assert.equal(text.split("\n")[1], `1   ${told}`);
    assert.equal(renderTable(terminal(false), columns, [{ id: 1, name }], now), `id\tname\n1\t${name}\n`);
  }
  const [seen = ""] = rows[0] ?? [];
  assert.equal(
    renderRecord(terminal(true), [["seen", seen]], now),
    "seen  2026-11-24 09:30Z (3 minutes ago)\n",
  );
  assert.equal(renderRecord(terminal(false), [["seen", seen]], now), `seen\t${seen}\n`);
});

Deno.test("from 40 to 200 columns severity and summary stay readable, because other columns go first", () => {
  const drift = sampleDrift(12345, {
    severity: "critical",
    summary: "ingress: port 22 is open to the internet",
    resource_name: "a-security-group-with-a-long-name",
  });
  for (let width = 40; width <= 200; width += 4) {
    const [titles = "", line = ""] = renderTable(terminal(true, width), DRIFT_COLUMNS, [drift]).split("\n");
    assert.ok(stringWidth(line) <= width, `${width}: ${line}`);
    assert.match(titles, /^ID +SEVERITY .*SUMMARY/);
    assert.match(line, /^12345 +critical .*ingress: port 22 is o/, `${width}: ${line}`);
  }
  const wide = renderTable(terminal(true, 200), DRIFT_COLUMNS, [drift]);
  assert.match(wide, /^ID .*SEVERITY .*TYPE .*STATUS .*RESOURCE .*SUMMARY .*DETECTED/);
  assert.match(wide, /a-security-group-with-a-long-name/);
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
    assert.ok(text.includes("a\\u001b[31mred b c\\u009b2J\\u202eevil\\u0007"), "what was there is shown");
  }
});
