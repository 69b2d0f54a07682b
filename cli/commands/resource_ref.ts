/** Resources as people name them: by id, or by external id or name. */
import { getResource, listResources, type Resource } from "../../shared/contracts/resources.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";

/**
 * Finds the one resource that is meant.
 * @param ref digits are an id; anything else is compared with external ids, then with names
 * @throws ApiFailure or CliFailure when there is none, CliFailure when a name fits several
 */
export async function findResource(app: App, ref: string): Promise<Resource> {
  if (/^\d+$/.test(ref)) {
    return await (await app.client()).call(getResource, { params: { id: ref } }, { signal: app.signal });
  }
  const { data } = await collect<Resource>(app, listResources, { query: { q: ref } }, "resources");
  const byExternalId = data.find((row) => row.external_id === ref);
  if (byExternalId) return byExternalId;
  const [byName, ...others] = data.filter((row) => row.name === ref);
  if (byName && others.length === 0) return byName;
  if (byName) {
    const ids = [byName, ...others].map((row) => row.id).join(", ");
    throw new CliFailure(EXIT.REFUSED, `Several resources are named "${ref}": ids ${ids}.`, {
      next: "the command again with an id",
    });
  }
  throw new CliFailure(EXIT.REFUSED, `No resource has the id or name "${ref}".`, {
    next: "infraudit resources list",
  });
}

/** The ids of several resources. */
export async function findResourceIds(app: App, refs: readonly string[] = []): Promise<number[]> {
  const ids: number[] = [];
  for (const ref of refs) ids.push((await findResource(app, ref)).id);
  return ids;
}
