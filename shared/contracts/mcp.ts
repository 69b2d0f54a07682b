/** The MCP endpoint: tools for language models, over the Model Context Protocol's streamable HTTP, without sessions. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";

/** JSON-RPC 2.0; a batch is not taken, as the protocol has none since 2025-06-18. */
export const McpMessage = z.looseObject({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string().max(256), z.int()]).optional(),
  method: z.string().max(128),
  params: z.record(z.string(), z.unknown()).optional(),
}).meta({ id: "McpMessage", examples: [{ jsonrpc: "2.0", id: 1, method: "tools/list" }] });

export const McpAnswer = z.looseObject({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string(), z.int(), z.null()]).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ code: z.int(), message: z.string() }).optional(),
}).meta({ id: "McpAnswer", examples: [{ jsonrpc: "2.0", id: 1, result: { tools: [] } }] });

export const McpResource = z.strictObject({
  resource: z.url().meta({ examples: ["https://api.infraaudit.dev/v1/mcp"] }),
  authorization_servers: z.array(z.url()),
  scopes_supported: z.array(z.string()),
  bearer_methods_supported: z.array(z.literal("header")),
  resource_name: z.string(),
}).meta({ id: "McpResource" });

const tag = "MCP";

export const callMcp = endpoint({
  id: "callMcp",
  method: "POST",
  path: "/mcp",
  tag,
  auth: "bearer",
  summary: "One message of the Model Context Protocol; a notification is answered 202, without a body",
  body: McpMessage,
  success: { status: 200, schema: McpAnswer },
  alternatives: [{ status: 202 }],
});

export const getMcpResource = endpoint({
  id: "getMcpResource",
  method: "GET",
  path: "/mcp/.well-known/oauth-protected-resource",
  tag,
  auth: "none",
  summary: "Protected resource metadata of the MCP endpoint (RFC 9728)",
  success: { status: 200, schema: McpResource },
});
