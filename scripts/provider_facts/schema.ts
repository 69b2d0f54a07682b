/** What a provider's schema says of each attribute, read from the classes that were generated from it. */

export interface Attribute {
  /** Terraform resource type. */
  type: string;
  /** Dotted, list indexes left out. */
  path: string;
  /** Set by the provider only. */
  isComputed: boolean;
  /** A list whose order means nothing. */
  isSet: boolean;
}

interface Class {
  base: string;
  body: string;
}

const MAX_DEPTH = 12;

/** @param source TypeScript of one resource; @returns all attributes, none where it has no resource */
export function attributesOf(source: string): Attribute[] {
  const classes = new Map<string, Class>();
  for (const [, name, base, body] of source.matchAll(CLASS)) classes.set(name!, { base: base!, body: body! });
  const attributes: Attribute[] = [];
  for (const { base, body } of classes.values()) {
    const type = /terraformResourceType: '(\w+)'/.exec(body)?.[1];
    if (base === "TerraformResource" && type !== undefined) {
      collect(classes, type, body, "", 0, attributes);
    }
  }
  return attributes;
}

const CLASS = /\nexport class (\w+) extends cdktf\.(\w+) \{(.*?)\n\}\n/gs;
const KIND = /\/\/ (\w+) - computed: (true|false), optional: (true|false), required: (true|false)/g;
const CHILD = /new (?:\w+\.)?(\w+)\(this, "(\w+)"(?:, (true|false))?\)/g;
const SCALAR_SET = /Fn\.tolist\(this\.get\w*\('(\w+)'\)/g;

function collect(
  classes: ReadonlyMap<string, Class>,
  type: string,
  body: string,
  prefix: string,
  depth: number,
  attributes: Attribute[],
): void {
  if (depth > MAX_DEPTH) return;
  const children = new Map([...body.matchAll(CHILD)].map(([, name, attribute, isSet]) => [
    attribute!,
    { name: name!, isSet: isSet === "true" },
  ]));
  const sets = new Set([...body.matchAll(SCALAR_SET)].map(([, name]) => name!));
  for (const [, name, computed, optional, required] of body.matchAll(KIND)) {
    const child = children.get(name!);
    attributes.push({
      type,
      path: prefix + name,
      isComputed: computed === "true" && optional === "false" && required === "false",
      isSet: sets.has(name!) || child?.isSet === true,
    });
    const element = child && elementOf(classes, child.name);
    if (element !== undefined) {
      collect(classes, type, element.body, `${prefix}${name}.`, depth + 1, attributes);
    }
  }
}

/** The class of a block, or of the elements of a list or map of blocks. */
function elementOf(classes: ReadonlyMap<string, Class>, name: string): Class | undefined {
  const found = classes.get(name);
  if (found === undefined || !/(List|Map)$/.test(found.base)) return found;
  const element = /return new (\w+)\(/.exec(found.body)?.[1];
  return element === undefined ? undefined : classes.get(element);
}
