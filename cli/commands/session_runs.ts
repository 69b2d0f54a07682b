/** What the commands of `infraudit sessions` do. */
import {
  type AccountSession,
  endOtherSessions,
  endSession,
  listSessions,
} from "../../shared/contracts/account.ts";
import type { App } from "../app.ts";
import { printDone, printList } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { type ConfirmOptions, isConfirmed } from "./confirm.ts";

const COLUMNS: Column<AccountSession>[] = [
  { title: "id", value: (session) => session.id },
  {
    title: "here",
    value: (session) => session.current ? "yes" : "",
    paint: (colors, text) => colors.green(text),
  },
  { title: "signed in", value: (session) => session.created_at },
  { title: "last used", value: (session) => session.last_used_at, dropped: 3 },
  { title: "address", value: (session) => session.ip, dropped: 2 },
  { title: "device", value: (session) => session.user_agent, dropped: 1, least: 16 },
];

/** Lists one's sessions. */
export async function runListSessions(app: App): Promise<void> {
  const sessions = await (await app.client()).call(listSessions, {}, { signal: app.signal });
  await printList(app, sessions, COLUMNS, (session) => session.id, "No sessions.");
}

/** Ends one session. */
export async function runEndSession(app: App, id: string): Promise<void> {
  await (await app.client()).call(endSession, { params: { id } }, { signal: app.signal });
  await printDone(app, { id, ended: true }, `Ended session ${id}.`, id);
}

/** Ends every other session after a yes. */
export async function runEndOtherSessions(app: App, options: ConfirmOptions): Promise<void> {
  const question = "Sign out everywhere but here?";
  if (!await isConfirmed(app, options, question, "sign out everywhere else")) {
    return await printDone(app, { ended: false }, "Nothing was ended.");
  }
  await (await app.client()).call(endOtherSessions, {}, { signal: app.signal });
  await printDone(app, { ended: true }, "Signed out everywhere but here.");
}
