/** What the commands of `infraudit profile` do. */
import type { App } from "../app.ts";
import { changeConfig } from "../config/config_file.ts";
import type { Profile } from "../config/config_schema.ts";
import { profileOf, type Settings } from "../config/settings.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printDone, printList } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { DEFAULT_PROFILE, DEFAULT_SERVER_URL } from "../words.ts";
import { type ConfirmOptions, isConfirmed } from "./confirm.ts";

interface ListedProfile {
  name: string;
  is_current: boolean;
  server_url: string;
  email: string | null;
  credential: "session" | "api_key" | null;
}

const COLUMNS: Column<ListedProfile>[] = [
  { title: "name", value: (row) => row.name },
  { title: "current", value: (row) => row.is_current ? "yes" : "" },
  { title: "server", value: (row) => row.server_url, least: 20 },
  { title: "signed in as", value: (row) => row.email, least: 16 },
  { title: "credential", value: (row) => row.credential?.replace("_", " "), dropped: 1 },
];

/** Lists the file's profiles; no credential is shown. */
export async function runListProfiles(app: App): Promise<void> {
  const settings = await app.settings();
  const rows = Object.entries(profilesOf(settings)).map(([name, profile]): ListedProfile => ({
    name,
    is_current: name === settings.profileName,
    server_url: profile.server_url ?? DEFAULT_SERVER_URL,
    email: profile.auth?.email ?? null,
    credential: profile.auth?.api_key ? "api_key" : profile.auth?.token ? "session" : null,
  }));
  await printList(app, rows, COLUMNS, (row) => row.name, "No profiles.");
}

/** Makes later commands use a profile. */
export async function runUseProfile(app: App, name: string): Promise<void> {
  const settings = await app.settings();
  requireProfile(settings, name);
  const { path } = settings.config;
  await changeConfig(path, ({ document }) => {
    if (name === DEFAULT_PROFILE) document.deleteIn(["current_profile"]);
    else document.setIn(["current_profile"], name);
  });
  await printDone(app, { current_profile: name }, `Later commands use the profile ${name}.`, name);
  if (app.env.INFRAUDIT_PROFILE) {
    await app.warn(
      "INFRAUDIT_PROFILE is set and goes before it. To use what is stored: unset INFRAUDIT_PROFILE",
    );
  }
}

/** Removes a profile after a yes; the default one can't go, it is the file's top. */
export async function runDeleteProfile(app: App, name: string, options: ConfirmOptions): Promise<void> {
  const settings = await app.settings();
  if (name === DEFAULT_PROFILE) {
    throw new CliFailure(EXIT.USAGE, "The default profile can't be deleted.", { next: "infraudit logout" });
  }
  const profile = requireProfile(settings, name);
  const session = profile.auth?.token ? " Its session stays valid on the server until it expires." : "";
  const question = `Delete the profile ${name} with its credential?${session}`;
  if (!await isConfirmed(app, options, question, `delete the profile ${name}`)) {
    return await printDone(app, { name, deleted: false }, "Nothing was deleted.");
  }
  await changeConfig(settings.config.path, ({ document }) => {
    document.deleteIn(["profiles", name]);
    if (document.getIn(["current_profile"]) === name) document.deleteIn(["current_profile"]);
  });
  await printDone(app, { name, deleted: true }, `Deleted the profile ${name}.`, name);
}

function profilesOf(settings: Settings): Record<string, Profile> {
  const { content } = settings.config;
  return { [DEFAULT_PROFILE]: content, ...content.profiles };
}

function requireProfile(settings: Settings, name: string): Profile {
  const profile = profileOf(settings.config, name);
  if (profile) return profile;
  throw new CliFailure(EXIT.USAGE, `There is no profile "${name}" in ${settings.config.path}.`, {
    next: "infraudit profile list",
  });
}
