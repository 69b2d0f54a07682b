/** What the database keeps of a resource's capture, parsed. */
import { z } from "zod";
import { isRecord, type JsonRecord } from "../../../shared/drift/json.ts";

export const Captured = z.object({
  configuration: z.custom<JsonRecord>(isRecord),
  tags: z.record(z.string(), z.string()),
});
