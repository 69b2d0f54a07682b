/** What the configuration file may hold, and how a fault in it is told. */
import { z } from "zod";
import { OUTPUTS } from "../words.ts";

/** Only http(s), no credential in it, no query: it is the base of every request. */
export const ServerUrl = z.string().trim().refine(
  isServerUrl,
  "must be an http or https URL such as https://api.example.com",
)
  .transform((url) => url.replace(/\/+$/, ""));

/** The stored credential: a session, or an API key in place of one. */
export const StoredAuth = z.object({
  email: z.string().optional(),
  token: z.string().optional(),
  refresh_token: z.string().optional(),
  expires_at: z.coerce.string().optional(),
  api_key: z.string().optional(),
  server_url: z.string().optional(),
});
export type StoredAuth = z.infer<typeof StoredAuth>;

/** One profile: where the server is, how to print, and who you are there. */
export const Profile = z.object({
  server_url: ServerUrl.optional(),
  web_url: ServerUrl.optional(),
  output: z.enum(OUTPUTS, `must be one of ${OUTPUTS.join(", ")}`).optional(),
  auth: StoredAuth.optional(),
});
export type Profile = z.infer<typeof Profile>;

/** The file: the default profile at its top, named ones below `profiles`. Unknown keys are left alone. */
export const ConfigFile = Profile.extend({
  /** The profile that is used where none is named. */
  current_profile: z.string().optional(),
  profiles: z.record(z.string(), Profile).optional(),
});
export type ConfigFile = z.infer<typeof ConfigFile>;

/** Profile names are also YAML keys and words on a command line. */
export const ProfileName = z.string().regex(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  "must be letters, digits, ., _ or -",
);

/** The first fault as `path: message`. */
export function describeFault(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return "unreadable";
  return issue.path.length ? `${issue.path.join(".")}: ${issue.message}` : issue.message;
}

function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isPlain = !url.username && !url.password && !url.search && !url.hash;
  return (url.protocol === "https:" || url.protocol === "http:") && isPlain;
}
