/** The command's version: what `infraudit version` prints and what the npm package is published as. */
export const VERSION = "1.0.0";
