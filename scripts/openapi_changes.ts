/** Finds what in a new OpenAPI document would break a client of the old one. */
import { type Doc, type Part, requestFaults, resolve, responseFaults } from "./schema_changes.ts";

const METHODS = ["get", "post", "put", "patch", "delete"];

/**
 * Compares two documents of this API.
 * @param base what clients were made for
 * @param next what they will meet
 * @returns one sentence a breaking change, empty when every client goes on working
 */
export function findBreakingChanges(base: Doc, next: Doc): string[] {
  return Object.entries<Part>(base.paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => operations[method]).flatMap((method) => {
      const after = next.paths[path]?.[method];
      const name = `${method.toUpperCase()} ${path}`;
      if (!after) return [`${name} is gone`];
      return compareOperations(base, next, operations[method], after).map((fault) => `${name}: ${fault}`);
    })
  );
}

function compareOperations(base: Doc, next: Doc, before: Part, after: Part): string[] {
  return [
    ...compareSecurity(before, after),
    ...compareParameters(base, next, before.parameters ?? [], after.parameters ?? []),
    ...compareBodies(base, next, before.requestBody, after.requestBody),
    ...compareAnswers(base, next, before.responses, after.responses),
  ];
}

/** Each way in that was enough must be enough still. */
function compareSecurity(before: Part, after: Part): string[] {
  const ways = (operation: Part) => (operation.security as Part[]).map((way) => JSON.stringify(way));
  const accepted = new Set(ways(after));
  if (accepted.size === 0) return [];
  if (before.security.length === 0) return ["needs a credential now"];
  return ways(before).filter((way) => !accepted.has(way)).map((way) => `no longer accepts ${way}`);
}

function compareParameters(base: Doc, next: Doc, before: Part[], after: Part[]): string[] {
  const find = (list: Part[], one: Part) =>
    list.find(({ name, in: place }) => name === one.name && place === one.in);
  const gone = before.filter((one) => !find(after, one)).map(({ name }) => `parameter ${name} is gone`);
  const changed = after.flatMap((one) => {
    const old = find(before, one);
    if (one.required && !old?.required) return [`parameter ${one.name} is required now`];
    return old ? requestFaults(base, next, old.schema, one.schema, `parameter ${one.name}`) : [];
  });
  return [...gone, ...changed];
}

function compareBodies(base: Doc, next: Doc, before: Part | undefined, after: Part | undefined): string[] {
  if (!after) return before ? ["takes no body any more"] : [];
  if (after.required && !before?.required) return ["a body is required now"];
  if (!before) return [];
  return Object.entries<Part>(before.content).flatMap(([type, { schema }]) =>
    after.content[type]
      ? requestFaults(base, next, schema, after.content[type].schema, "body")
      : [`takes no ${type} any more`]
  );
}

function compareAnswers(base: Doc, next: Doc, before: Part, after: Part): string[] {
  return Object.keys(before).filter((status) => status.startsWith("2")).flatMap((status) => {
    if (!after[status]) return [`never answers ${status} any more`];
    const old = resolve(base, before[status]).content ?? {};
    const now = resolve(next, after[status]).content ?? {};
    return Object.entries<Part>(old).flatMap(([type, { schema }]) =>
      now[type]
        ? responseFaults(base, next, schema, now[type].schema, `${status}`)
        : [`${status} is no ${type} any more`]
    );
  });
}
