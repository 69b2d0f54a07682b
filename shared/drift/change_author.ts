/** Who changed a resource last, and when, where its values say so. */
import { type ImportedResource, textOf } from "./imported_resource.ts";
import { isRecord, type JsonRecord, member } from "./json.ts";

const MAX_AUTHOR_LENGTH = 256;
/** Members that name the author, by provider and by audit trail; only those of the resource itself, not of its parts. */
const AUTHORS = [
  "last_modified_by",
  "lastModifiedBy",
  "last_modified_user",
  "last_modified_by_name",
  "last_updated_by",
  "updated_by",
  "updatedBy",
  "modified_by",
  "last_modifier",
];
const TIMES = [
  "last_modified_at",
  "lastModifiedAt",
  "last_modified_date",
  "last_modified_time",
  "last_modified",
  "last_updated_at",
  "updated_at",
  "updatedAt",
  "update_time",
  "eventTime",
  "event_time",
];
/** Blocks that tell of the resource as a whole: Azure's system data, an event of CloudTrail. */
const BLOCKS = ["system_data", "systemData", "cloudtrail_event", "last_event"];

/**
 * @returns the author and an RFC 3339 time, each only where the document has it and the time can be read
 */
export function changeOf(resource: ImportedResource): { changed_by?: string; changed_at?: string } {
  const { values } = resource;
  const places = [
    values,
    ...BLOCKS.map((name) => blockOf(values, name)).filter((block) => block !== undefined),
  ];
  const by = resource.changedBy ?? first(places, AUTHORS) ?? trailUser(places);
  const at = readTime(resource.changedAt ?? first(places, TIMES));
  return {
    ...(by === undefined ? {} : { changed_by: by.slice(0, MAX_AUTHOR_LENGTH).toWellFormed() }),
    ...(at === undefined ? {} : { changed_at: at }),
  };
}

const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([...AUTHORS, ...TIMES, ...BLOCKS]);

/** Values without who changed them and when: that is told beside them, and is no setting. */
export function withoutAuthor(values: JsonRecord): JsonRecord {
  if (!Object.keys(values).some((name) => TOLD_ELSEWHERE.has(name))) return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => !TOLD_ELSEWHERE.has(name)));
}

function first(places: readonly JsonRecord[], names: readonly string[]): string | undefined {
  for (const place of places) {
    const found = textOf(place, ...names);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** CloudTrail's `userIdentity`: the name a person or role goes by, else its ARN. */
function trailUser(places: readonly JsonRecord[]): string | undefined {
  for (const place of places) {
    const identity = blockOf(place, "userIdentity") ?? blockOf(place, "user_identity");
    const found = textOf(identity, "arn", "userName", "user_name", "principalId", "principal_id");
    if (found !== undefined) return found;
  }
  return undefined;
}

function blockOf(values: JsonRecord, name: string): JsonRecord | undefined {
  const value = member(values, name);
  const inner = Array.isArray(value) ? value[0] : value;
  return isRecord(inner) ? inner : undefined;
}

function readTime(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
