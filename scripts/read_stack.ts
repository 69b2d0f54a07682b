/** Names files and lines of the sources in a stack trace of a deployed function: read_stack.ts [MAPS] < trace. */
// deno-lint-ignore-file no-console
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { BUNDLES } from "./bundle_functions.ts";

/** A place in a bundle, wherever the platform keeps it: function, line, column (both from 1). */
const PLACE = /(?:file:\/\/)?[^\s()]*?([a-z_]+)\/index\.js:(\d+):(\d+)/g;

/**
 * @param trace as the platform logs it
 * @param maps folder with `<function>.js.map` of the very deploy
 * @returns the same text; what no map is for stays as it was
 */
export async function readStack(trace: string, maps: string): Promise<string> {
  const found = new Map<string, TraceMap>();
  for (const [, name = ""] of trace.matchAll(PLACE)) {
    const map = await Deno.readTextFile(`${maps}/${name}.js.map`).catch(() => undefined);
    if (map) found.set(name, new TraceMap(map));
  }
  return trace.replace(PLACE, (place, name: string, line: string, column: string) => {
    const map = found.get(name);
    // Columns of a source map begin at 0.
    const at = map && originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
    return at?.source ? `${at.source.replace(/^(?:\.\.\/)+/, "")}:${at.line}:${(at.column ?? 0) + 1}` : place;
  });
}

if (import.meta.main) {
  const trace = await new Response(Deno.stdin.readable).text();
  console.log((await readStack(trace, Deno.args[0] ?? `${BUNDLES}/maps`)).trimEnd());
}
