/** Reads a file that is to be imported, as far as the page must know it. */
import { importResources } from "../../../shared/contracts/imports.ts";

/** A file's content, ready to be sent. */
export interface ReadFile {
  name: string;
  /** As it is in the file: parsed and printed again, long numbers would lose digits. */
  text: string;
  bytes: number;
  /** How many resources it seems to hold, where that can be told. */
  count: number | undefined;
}

/**
 * Reads and checks a file.
 * @throws Error with a sentence for the person when it is too large or not JSON
 */
export async function readImportFile(file: File): Promise<ReadFile> {
  const limit = importResources.maxBodyBytes!;
  if (file.size > limit) {
    throw new Error(
      `${file.name} is larger than ${limit / 1024 / 1024} MiB. Split the state, or use the CLI.`,
    );
  }
  const text = await file.text();
  try {
    return { name: file.name, text, bytes: file.size, count: countResources(JSON.parse(text)) };
  } catch {
    throw new Error(`${file.name} is not JSON. For a plan file, use terraform show -json.`);
  }
}

function countResources(content: unknown): number | undefined {
  if (Array.isArray(content)) return content.length;
  const resources = (content as { resources?: unknown } | null)?.resources;
  return Array.isArray(resources) ? resources.length : undefined;
}
