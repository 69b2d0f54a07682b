/** Reads a file that is to be imported, as far as the page must know it. */
import { importResources } from "../../../shared/contracts/imports.ts";

/** A file's content, ready to be sent. */
export interface ReadFile {
  name: string;
  content: unknown;
  /** How many resources it seems to hold, where that can be told. */
  count: number | undefined;
}

/**
 * Reads and parses a file.
 * @throws Error with a sentence for the person when it is too large or not JSON
 */
export async function readImportFile(file: File): Promise<ReadFile> {
  const limit = importResources.maxBodyBytes!;
  if (file.size > limit) {
    throw new Error(
      `${file.name} is larger than ${limit / 1024 / 1024} MiB. Split the state, or use the CLI.`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(await file.text());
  } catch {
    throw new Error(`${file.name} is not JSON. For a plan file, use terraform show -json.`);
  }
  return { name: file.name, content, count: countResources(content) };
}

function countResources(content: unknown): number | undefined {
  if (Array.isArray(content)) return content.length;
  const resources = (content as { resources?: unknown } | null)?.resources;
  return Array.isArray(resources) ? resources.length : undefined;
}
