/** What `infraudit team list`, `invite`, `set-role` and `remove` do. */
import type { Role } from "../../shared/contracts/permissions.ts";
import {
  changeRole,
  createInvite,
  listTeam,
  type Member,
  removeMember,
} from "../../shared/contracts/team.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { printDone, printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { type ConfirmOptions, isConfirmed } from "./confirm.ts";
import type { PersonRef } from "./team.ts";
import { showInvite } from "./team_invites.ts";

const COLUMNS: Column<Member>[] = [
  { title: "id", value: (row) => row.id },
  { title: "email", value: (row) => row.email, least: 16 },
  { title: "name", value: (row) => row.full_name, dropped: 2, least: 10 },
  { title: "role", value: (row) => row.role },
  { title: "joined", value: (row) => row.joined_at, dropped: 1 },
];

/** Lists the members. */
export async function runListTeam(app: App, options: { limit?: number }): Promise<void> {
  const list = await collect<Member>(app, listTeam, {}, "people", options.limit);
  await printList(app, list, COLUMNS, (row) => row.id, "No people.");
}

/** Invites a person. */
export async function runInvite(app: App, email: string, options: { role: Role }): Promise<void> {
  const body = { email, role: options.role };
  const sent = await (await app.client()).call(createInvite, { body }, { signal: app.signal });
  await showInvite(app, sent);
}

/** Changes a person's role. */
export async function runSetRole(app: App, person: PersonRef, role: Role): Promise<void> {
  const params = { user_id: await toUserId(app, person) };
  const member = await (await app.client()).call(changeRole, { params, body: { role } }, {
    signal: app.signal,
  });
  await app.note(`${member.email} is now ${member.role}.`);
  await printRecord(app, member, COLUMNS.map(({ title, value }) => [title, value(member)]), member.id);
}

/** Removes a person after a yes. */
export async function runRemoveMember(app: App, person: PersonRef, options: ConfirmOptions): Promise<void> {
  const question = `Remove ${person} from the organization?`;
  if (!await isConfirmed(app, options, question, `remove ${person}`)) {
    return await printDone(app, { person, removed: false }, "Nothing was changed.");
  }
  const id = await toUserId(app, person);
  await (await app.client()).call(removeMember, { params: { user_id: id } }, { signal: app.signal });
  await printDone(app, { id, removed: true }, `Removed ${person}.`, id);
}

async function toUserId(app: App, person: PersonRef): Promise<number> {
  if (typeof person === "number") return person;
  const { data } = await collect<Member>(app, listTeam, {}, "people");
  const member = data.find((row) => row.email.toLowerCase() === person.toLowerCase());
  if (member) return member.id;
  throw new CliFailure(EXIT.REFUSED, `No member of the organization has the address ${person}.`, {
    next: "infraudit team list",
  });
}
