/** The file of `INFRAUDIT_CA_FILE`: certificates of an authority that is trusted beside the usual ones. */
import { readFileSync } from "node:fs";
import { CliFailure, EXIT } from "../exit_codes.ts";

/**
 * Reads PEM certificates.
 * @throws CliFailure with exit code 2 when the file can't be read or holds none
 */
export function readCaFile(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new CliFailure(EXIT.USAGE, `INFRAUDIT_CA_FILE names ${path}, which can't be read (${code}).`);
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new CliFailure(EXIT.USAGE, `INFRAUDIT_CA_FILE names ${path}, which holds no PEM certificate.`);
}
