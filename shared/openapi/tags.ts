/** What the groups of the reference are about, a sentence each. */

/** By the tag that endpoints name. */
export const TAG_DESCRIPTIONS: Record<string, string> = {
  "API keys":
    "Keys for pipelines and scripts: made once, shown once, narrower than the person who makes them.",
  Account: "Your own account: sessions, password, what is kept about you.",
  "Audit log": "Who did what with which credential; append-only and hash-chained.",
  Authentication: "Sign in, renew and end a session, and what a credential is.",
  Baselines: "What a resource should look like; drift is the difference.",
  Drifts: "What differs from the baselines, how bad it is, and what became of it.",
  "Event stream": "News as they happen, by server-sent events.",
  Health: "Whether the API is alive and can serve. No credential needed.",
  "Ignore rules": "Drifts that you know of and don't want to hear about.",
  "Keyless access": "Pipelines that get a short-lived key for their provider's id token (RFC 8693).",
  "Leaked credentials": "Reports of keys found where they should not be, by anybody or by GitHub.",
  MCP: "Tools for language models, by the Model Context Protocol, with the same credentials and rights.",
  Organization: "The organization you work in, and its settings.",
  Resources: "Cloud resources, their last known configuration, imports and risks.",
  "Second factor": "Codes of an authenticator app, and recovery codes for when it is lost.",
  "Signing in a command": "A command gets a key that you approve in the page (RFC 8628).",
  Webhooks: "News sent to an address of yours: signed, at least once, with their deliveries to look at.",
  Team: "Members, their roles, and invitations.",
};

/** The document's tags, in the order of their first endpoints; a test asks for a sentence on each. */
export function describeTags(names: readonly string[]): { name: string; description?: string }[] {
  return [...new Set(names)].map((name) => ({ name, description: TAG_DESCRIPTIONS[name] }));
}
