/** What a language model can do: look at drifts, resources and risks, and resolve a drift where its credential may. */
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { recordRefusal } from "../../../shared/auth/audit_record.ts";
import type { RequestFacts } from "../../../shared/auth/key_token.ts";
import type { Principal } from "../../../shared/auth/principal.ts";
import {
  DriftNote,
  DriftQuery,
  DriftResolution,
  DriftSeverity,
  DriftStatus,
  resolveDrift,
} from "../../../shared/contracts/drifts.ts";
import { Resource, ResourceQuery, ResourceStatus } from "../../../shared/contracts/resources.ts";
import type { CallerDatabase } from "../../../shared/db/client.ts";
import { refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { DETAIL_COLUMNS, driftList, toDriftDetail } from "../../../shared/detection/drift_rows.ts";
import { RESOURCE_COLUMNS, selectResources } from "../../../shared/detection/resource_selection.ts";
import { assess } from "../../../shared/drift/assess.ts";
import { isRecord, type JsonRecord } from "../../../shared/drift/json.ts";
import type { ApiError } from "../../../shared/errors/api_error.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { toApiError } from "../../../shared/http/error_answer.ts";
import { fetchPage } from "../../../shared/http/paging.ts";
import { validate } from "../../../shared/http/validate.ts";

/** Who calls: each tool acts with these rights and no others. */
export interface ToolCaller {
  readonly deps: Deps;
  readonly db: CallerDatabase;
  readonly facts: RequestFacts;
  readonly principal: () => Promise<Principal>;
  /** Takes a fault of ours: no tool's error, but the request's own. */
  readonly fail: (fault: ApiError) => void;
}

const Captured = z.object({
  configuration: z.custom<JsonRecord>(isRecord),
  tags: z.record(z.string(), z.string()),
});

const id = z.int().positive();
const page = {
  limit: z.int().min(1).max(100).default(20).describe("Rows to return."),
  cursor: z.string().max(4000).optional().describe("`next_cursor` of the answer before."),
};
const READS = { readOnlyHint: true, openWorldHint: false };

/** Registers the tools. Their errors are results with `isError`, in the words of the API's own errors. */
export function addTools(server: McpServer, caller: ToolCaller): void {
  const { db } = caller;
  const tool = <Shape extends z.ZodRawShape>(
    name: string,
    { input, ...config }: { description: string; annotations: ToolAnnotations; input: Shape },
    work: (args: z.output<z.ZodObject<Shape>>) => Promise<object>,
  ) => {
    const schema = z.strictObject(input);
    // The library's own types lose a schema's; what it has parsed by this one is this one's.
    server.registerTool(name, { ...config, inputSchema: schema as never }, (args: unknown) => {
      const known = args as z.output<z.ZodObject<Shape>>;
      return answer(caller, () => work(known), config.annotations.readOnlyHint ? undefined : known);
    });
  };

  tool("list_drifts", {
    description:
      "List drifts: settings of cloud resources that differ from their baseline. Worst first; open ones by default.",
    annotations: READS,
    input: {
      severity: z.array(DriftSeverity).min(1).optional(),
      status: z.array(DriftStatus).min(1).default(["detected", "investigating"]),
      resource_id: id.optional(),
      search: z.string().min(1).max(256).optional().describe(
        "Part of a resource's name or type, field, or summary.",
      ),
      ...page,
    },
  }, async ({ severity, status, resource_id, search, limit, cursor }) => {
    const query = validate(DriftQuery, {
      severity: severity?.join(","),
      status: status.join(","),
      resource_id: resource_id?.toString(),
      q: search,
      sort: "-severity,-detected_at",
      per_page: String(limit),
      cursor,
    }, "arguments");
    const { data, meta } = await fetchPage(driftList(db, query));
    return { drifts: data, next_cursor: meta.next_cursor };
  });

  tool("explain_drift", {
    description:
      "Explain a drift: what changed field by field, why it has its severity, how to fix it, what was done so far.",
    annotations: READS,
    input: { id },
  }, async ({ id }) => {
    const row = unwrap(await db.from("drifts").select(DETAIL_COLUMNS).eq("id", id).maybeSingle());
    return await toDriftDetail(db, row ?? await refuseOrNotFound(db, "drifts:read", "drifts", id));
  });

  tool("list_resources", {
    description: "List the organization's cloud resources.",
    annotations: READS,
    input: {
      search: z.string().min(1).max(256).optional().describe("Part of the name or external id."),
      type: z.string().min(1).max(128).optional().describe("Such as aws_s3_bucket."),
      status: z.array(ResourceStatus).min(1).optional(),
      ...page,
    },
  }, async ({ search, type, status, limit, cursor }) => {
    const query = validate(ResourceQuery, {
      q: search,
      type,
      status: status?.join(","),
      per_page: String(limit),
      cursor,
    }, "arguments");
    const { data, meta } = await fetchPage({
      db,
      query,
      permission: "resources:read",
      row: Resource,
      select: (options) => selectResources(db, RESOURCE_COLUMNS, query, options),
    });
    return { resources: data, next_cursor: meta.next_cursor };
  });

  tool("get_resource_risks", {
    description:
      "Get what is dangerous in a resource's last captured configuration, worst first, drifted or not.",
    annotations: READS,
    input: { resource_id: id },
  }, async ({ resource_id }) => {
    const row = unwrap(
      await db.from("resources").select("id,resource_type,configuration,tags").eq("id", resource_id)
        .maybeSingle(),
    ) ?? await refuseOrNotFound(db, "resources:read", "resources", resource_id);
    return { resource_id: row.id, risks: assess(row.resource_type, Captured.parse(row)) };
  });

  tool("resolve_drift", {
    description:
      "Resolve a drift. `accepted` makes the resource's current configuration its baseline, so ask the person first.",
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    input: {
      id,
      resolution: DriftResolution.exclude(["deleted"]).optional(),
      note: DriftNote.optional(),
    },
  }, async ({ id, resolution, note }) => {
    const row = unwrap(
      await db.rpc("resolve_drift", { p_id: id, p_resolution: resolution, p_note: note })
        .select(DETAIL_COLUMNS).maybeSingle(),
    );
    return await toDriftDetail(db, row ?? await refuseOrNotFound(db, "drifts:write", "drifts", id));
  });
}

/**
 * The result of a tool, or its error.
 * @param written the row that was to be changed; a refusal is recorded then, as for every write
 */
async function answer(
  { deps, facts, principal, fail }: ToolCaller,
  work: () => Promise<object>,
  written?: { readonly id?: unknown },
) {
  try {
    const result = await work();
    return {
      content: [{ type: "text" as const, text: JSON.stringify(result) }],
      structuredContent: result as Record<string, unknown>,
    };
  } catch (thrown) {
    const error = toApiError(thrown);
    if (error.status === 403 && written) {
      const params = { id: String(written.id) };
      await recordRefusal(deps.service, await principal(), facts, resolveDrift, params, error);
    }
    if (error.status >= 500) fail(error);
    return { isError: true, content: [{ type: "text" as const, text: words(error) }] };
  }
}

function words({ code, message, details }: ApiError): string {
  return JSON.stringify({ error: message, code, ...(details !== undefined && { details }) });
}
