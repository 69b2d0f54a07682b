/** `infraudit team`: the organization's people, their roles, and who is invited. */
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { type Role, ROLES } from "../../shared/contracts/permissions.ts";
import {
  changeRole,
  createInvite,
  InviteStatus,
  listTeam,
  type Member,
  removeMember,
} from "../../shared/contracts/team.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { isConfirmed, newGroup, parseId, parseLimit } from "./arguments.ts";
import {
  runAcceptInvite,
  runCancelInvite,
  runListInvites,
  runResendInvite,
  showInvite,
} from "./team_invites.ts";

/** A person as named on the command line: by id, or by e-mail address. */
export type PersonRef = number | string;

export const TEAM_RUNNERS = {
  list: runListTeam,
  invite: runInvite,
  setRole: runSetRole,
  remove: runRemoveMember,
  invites: runListInvites,
  resend: runResendInvite,
  cancel: runCancelInvite,
  accept: runAcceptInvite,
};

export function newTeamCommand(parent: Command, app: App, runners = TEAM_RUNNERS): void {
  const team = newGroup(parent, "team", "the organization's people, roles and invitations");
  team.command("list")
    .description("everybody and their role")
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: { limit?: number }) => runners.list(app, options));
  team.command("invite")
    .description("invite a person by e-mail")
    .argument("<email>", "the person's e-mail address")
    .addOption(new Option("--role <role>", "the role they get").choices(ROLES).default("user"))
    .action((email: string, options: { role: Role }) => runners.invite(app, email, options));
  team.command("set-role")
    .description("give a person another role")
    .argument("<person>", "e-mail address or id", parsePerson)
    .addArgument(new Argument("<role>", "the new role").choices(ROLES))
    .action((person: PersonRef, role: Role) => runners.setRole(app, person, role));
  team.command("remove")
    .description("remove a person from the organization")
    .argument("<person>", "e-mail address or id", parsePerson)
    .option("-y, --yes", "do not ask")
    .action((person: PersonRef, options: { yes?: boolean }) => runners.remove(app, person, options));
  team.command("invites")
    .description("the invitations")
    .addOption(new Option("--status <status>", "only these").choices(InviteStatus.options))
    .action((options: { status?: typeof InviteStatus.options[number] }) => runners.invites(app, options));
  team.command("resend-invite")
    .description("send an invitation's link anew")
    .argument("<id>", "the invitation's id", parseId)
    .action((id: number) => runners.resend(app, id));
  team.command("cancel-invite")
    .description("cancel an invitation")
    .argument("<id>", "the invitation's id", parseId)
    .action((id: number) => runners.cancel(app, id));
  team.command("accept")
    .description("join the organization one is invited to; reads the link or its token from standard input")
    .action(() => runners.accept(app));
}

const COLUMNS: Column<Member>[] = [
  { title: "id", value: (row) => row.id },
  { title: "email", value: (row) => row.email },
  { title: "name", value: (row) => row.full_name },
  { title: "role", value: (row) => row.role },
  { title: "joined", value: (row) => row.joined_at },
];

/** Lists everybody. */
export async function runListTeam(app: App, options: { limit?: number }): Promise<void> {
  const list = await collect<Member>(app, listTeam, {}, "people", options.limit);
  await printList(app, list, COLUMNS, (row) => row.id, "Nobody.");
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

/** Removes a person; a person is asked first, a script is not. */
export async function runRemoveMember(
  app: App,
  person: PersonRef,
  options: { yes?: boolean },
): Promise<void> {
  const userId = await toUserId(app, person);
  const question = `Remove ${person} from the organization?`;
  if (!await isConfirmed(app, options.yes, question)) return await app.note("Nobody was removed.");
  await (await app.client()).call(removeMember, { params: { user_id: userId } }, { signal: app.signal });
  await app.note(`Removed ${person}.`);
}

/** An id, or an e-mail address to be looked up. Throws commander's error for anything else. */
export function parsePerson(text: string): PersonRef {
  if (text.includes("@")) return text;
  if (/^\d+$/.test(text)) return parseId(text);
  throw new InvalidArgumentError("a person is named by e-mail address or id.");
}

async function toUserId(app: App, person: PersonRef): Promise<number> {
  if (typeof person === "number") return person;
  const { data } = await collect<Member>(app, listTeam, {}, "people");
  const member = data.find((row) => row.email.toLowerCase() === person.toLowerCase());
  if (member) return member.id;
  throw new CliFailure(EXIT.REFUSED, `Nobody in the organization has the address ${person}.`, {
    next: "infraudit team list",
  });
}
