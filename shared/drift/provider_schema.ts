/** What the providers' schemas say: which attributes only the provider sets, and which lists are sets. */
import { COMPUTED_EXCEPTIONS, COMPUTED_NAMES, SETS_EXCEPTIONS, SETS_NAMES } from "./provider_facts.ts";

/** Providers whose schemas the facts were read from; names of others mean something else. */
const KNOWN = /^(aws|azurerm|cloudflare|github|google|helm|kubernetes)_/;
/** Roots that hold what a user wrote, not what a schema names. */
const FREE_FORM = /^(manifest|object|yaml_body|metadata\.(annotations|labels))(\.|$)/;
/**
 * Computed attributes that say how a resource is protected: `public` of an image or `encrypted` of a snapshot
 * can't be set there, but a change of them matters.
 */
const MEANINGFUL =
  /encrypt(ed|ion)?$|kms_key(_id|_arn|_name)?$|(^|_)public(ly_accessible|_access\w*)?$|(^|_)polic(y|ies)(_document|_data)?$|(^|_)acls?$|rotation|(^|_)enabled$|(^|_)(ssl|tls)_(policy|version|mode)$|^members?$|^roles?$/;

interface Facts {
  names: ReadonlySet<string>;
  /** By type, the paths as they stand in the table; split when they are first asked for. */
  exceptions: Map<string, string | ReadonlySet<string>>;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => made ??= make();
}

function parse(names: string, exceptions: string): Facts {
  const rows = exceptions.split(";").map((row): [string, string] => {
    const end = row.indexOf(" ");
    return [row.slice(0, end), row.slice(end + 1)];
  });
  return { names: new Set(names.split(" ")), exceptions: new Map(rows) };
}

const computed = lazily(() => parse(COMPUTED_NAMES, COMPUTED_EXCEPTIONS));
const sets = lazily(() => parse(SETS_NAMES, SETS_EXCEPTIONS));

function holds(facts: Facts, type: string, path: string, name: string): boolean {
  let paths = facts.exceptions.get(type);
  if (typeof paths === "string") facts.exceptions.set(type, paths = new Set(paths.split(" ")));
  if (facts.names.has(name)) return paths?.has(`-${path}`) !== true;
  return paths?.has(path) === true;
}

/**
 * True for an attribute that only the provider sets and that says nothing about protection.
 * @param path dotted, without list indexes; of a type that is not known, its name decides
 */
export function isComputedOnly(type: string, path: string, name: string): boolean {
  if (!KNOWN.test(type) || FREE_FORM.test(path) || MEANINGFUL.test(name)) return false;
  return holds(computed(), type, path, name);
}

/** True for a list that the provider's schema calls a set. @param path dotted, without list indexes */
export function isProviderSet(type: string, path: string, name: string): boolean {
  if (!KNOWN.test(type) || FREE_FORM.test(path)) return false;
  return holds(sets(), type, path, name);
}
