/** `infraudit team`: the organization's people, their roles, and who is invited. */
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import type { Role } from "../../shared/contracts/permissions.ts";
import type { Invite } from "../../shared/contracts/team.ts";
import type { App } from "../app.ts";
import { INVITE_STATUSES, ROLES } from "../words.ts";
import { later, newGroup, parseId, parseLimit } from "./arguments.ts";
import type { ConfirmOptions } from "./confirm.ts";

/** A person as named on the command line: by id, or by email address. */
export type PersonRef = number | string;

const runs = () => import("./team_runs.ts");
const invites = () => import("./team_invites.ts");

export const TEAM_RUNNERS = {
  list: later(runs, "runListTeam"),
  invite: later(runs, "runInvite"),
  setRole: later(runs, "runSetRole"),
  remove: later(runs, "runRemoveMember"),
  invites: later(invites, "runListInvites"),
  resend: later(invites, "runResendInvite"),
  cancel: later(invites, "runCancelInvite"),
  accept: later(invites, "runAcceptInvite"),
};

export function newTeamCommand(parent: Command, app: App, runners = TEAM_RUNNERS): void {
  const team = newGroup(parent, "team", "the organization's people, roles and invitations");
  team.command("list")
    .description("list people and their roles")
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: { limit?: number }) => runners.list(app, options));
  team.command("invite")
    .description("invite a person by email")
    .argument("<email>", "the person's email address")
    .addOption(new Option("--role <role>", "the role they get").choices(ROLES).default("user"))
    .action((email: string, options: { role: Role }) => runners.invite(app, email, options));
  team.command("set-role")
    .description("give a person another role")
    .argument("<person>", "email address or id", parsePerson)
    .addArgument(new Argument("<role>", "the new role").choices(ROLES))
    .action((person: PersonRef, role: Role) => runners.setRole(app, person, role));
  team.command("remove")
    .description("remove a person from the organization")
    .argument("<person>", "email address or id", parsePerson)
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((person: PersonRef, options: ConfirmOptions) => runners.remove(app, person, options));
  team.command("invites")
    .description("list invitations")
    .addOption(new Option("--status <status>", "only these").choices(INVITE_STATUSES))
    .action((options: { status?: Invite["status"] }) => runners.invites(app, options));
  team.command("resend-invite")
    .description("send an invitation's link again")
    .argument("<id>", "the invitation's id", parseId)
    .action((id: number) => runners.resend(app, id));
  team.command("cancel-invite")
    .description("cancel an invitation")
    .argument("<id>", "the invitation's id", parseId)
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((id: number, options: ConfirmOptions) => runners.cancel(app, id, options));
  team.command("accept")
    .description("join the organization that invited you; reads the link or its token from standard input")
    .action(() => runners.accept(app));
}

/** An id, or an email address to be looked up. Throws commander's error for anything else. */
export function parsePerson(text: string): PersonRef {
  if (text.includes("@")) return text;
  if (/^\d+$/.test(text)) return parseId(text);
  throw new InvalidArgumentError("Name a person by email address or id.");
}
