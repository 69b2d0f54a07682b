/** `infraudit drifts watch`: the event stream as lines, over any number of connections. */
import { type ReceivedEvent, watchEvents } from "../../shared/client/event_reader.ts";
import type { StreamEvent } from "../../shared/contracts/stream.ts";
import type { App } from "../app.ts";
import { printEvent } from "../output/print.ts";
import { toLineText } from "../output/escape.ts";
import { paintSeverity, toValueText } from "./drift_columns.ts";
import type { WatchDriftsOptions } from "./drifts.ts";
import { Interrupted } from "../exit_codes.ts";

/**
 * Prints events until interrupted, refused, or until there were as many as asked for. `connected` is no event
 * of the organization's: it is talk, and not counted.
 */
export async function runWatch(app: App, options: WatchDriftsOptions): Promise<void> {
  const onPause = (reason: string, delayMs: number) => {
    void app.note(`${reason.replace(/[.!]$/, "")}. Reconnecting in ${Math.ceil(delayMs / 1000)} s…`);
  };
  const { lastEventId } = options;
  let left = options.events ?? Infinity;
  for await (
    const received of watchEvents(await app.client(), { lastEventId, signal: app.signal, onPause })
  ) {
    if (received.event.type === "connected") {
      await app.note("connected");
      if (received.event.data.complete === false) {
        await app.warn("events since the last id are no longer kept: see infraudit drifts list");
      }
      continue;
    }
    await printReceived(app, received);
    left -= 1;
    if (left === 0) return;
  }
  throw app.signal.reason ?? new Interrupted();
}

async function printReceived(app: App, { id, event }: ReceivedEvent): Promise<void> {
  if (await printEvent(app, { id, ...event })) return;
  const severity = "severity" in event.data ? event.data.severity : undefined;
  const line = [event.timestamp, event.type, ...describe(event)].map(toLineText).join(
    app.terminal.isDataTty ? "  " : "\t",
  );
  const { colors } = app.terminal;
  await app.terminal.data(`${severity ? paintSeverity(colors, line, { severity }) : line}\n`);
}

/** What an event says, in columns. */
function describe(event: StreamEvent): string[] {
  switch (event.type) {
    case "drift_detected":
      return [event.data.severity, event.data.resource_name, event.data.summary];
    case "drift_resolved":
      return [
        event.data.severity,
        event.data.resource_name,
        event.data.summary,
        `(${event.data.resolution})`,
      ];
    default:
      return Object.entries(event.data).map(([name, value]) => `${name}=${toValueText(value)}`);
  }
}
