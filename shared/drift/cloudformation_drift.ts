/** Reads what `aws cloudformation describe-stack-resource-drifts` prints. */
import { terraformType, terraformValues } from "./aws_types.ts";
import { tagMap } from "./attribute_names.ts";
import {
  collector,
  expectList,
  expectRecord,
  expectText,
  type ImportedResource,
  textOf,
} from "./imported_resource.ts";
import { at, refuse } from "./input_error.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";

/**
 * Every resource that CloudFormation compared, as it is and as the stack's template expects it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceDrift.html
 * @throws InputError for a misshapen entry
 */
export function readStackDrifts(document: JsonRecord): ImportedResource[] {
  const found = collector();
  expectList(document.StackResourceDrifts, "StackResourceDrifts").forEach((item, index) => {
    const place = at("StackResourceDrifts", index);
    const drift = expectRecord(item, place);
    const status = expectText(drift, "StackResourceDriftStatus", place);
    // Types that CloudFormation can't compare come without properties.
    if (status === "NOT_CHECKED" || status === "UNKNOWN") return;
    const type = terraformType(expectText(drift, "ResourceType", place));
    const expected = properties(drift, "ExpectedProperties", type, place);
    const actual = status === "DELETED" ? expected : properties(drift, "ActualProperties", type, place);
    const stack = /:stack\/([^/]+)\//.exec(textOf(drift, "StackId") ?? "")?.[1];
    const logical = expectText(drift, "LogicalResourceId", place);
    const physical = textOf(drift, "PhysicalResourceId") ?? logical;
    found.add({
      address: stack === undefined ? logical : `${stack}/${logical}`,
      type,
      provider: "aws",
      values: actual,
      sensitive: [],
      expected: { values: expected, sensitive: [] },
      isDeleted: status === "DELETED",
      externalId: physical.startsWith("arn:") ? physical : `${type}:${physical}`,
      name: physical,
      region: /^arn:[^:]+:cloudformation:([^:]+):/.exec(textOf(drift, "StackId") ?? "")?.[1],
      tags: tagMap(actual.tags),
      place,
    });
  });
  return found.all;
}

function properties(drift: JsonRecord, name: string, type: string, place: string): JsonRecord {
  const text = drift[name];
  let value: Json | undefined = text;
  if (typeof text === "string") {
    try {
      value = JSON.parse(text) as Json;
    } catch {
      refuse(at(place, name), "is not JSON");
    }
  }
  if (!isRecord(value)) refuse(at(place, name), "must be the JSON text of an object");
  return terraformValues(type, value);
}
