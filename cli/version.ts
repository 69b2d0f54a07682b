/** The command's version and where its releases are, as the build says. */

declare const INFRAUDIT_REPOSITORY: string | undefined;

export const VERSION = "1.0.0";
/** `owner/name` on GitHub, put in when a release is built; absent in a checkout. */
export const REPOSITORY = typeof INFRAUDIT_REPOSITORY === "string" && INFRAUDIT_REPOSITORY !== ""
  ? INFRAUDIT_REPOSITORY
  : undefined;
