/** The API's own description, served as OpenAPI 3.1. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";

export const OpenApi = z.looseObject({
  openapi: z.string().meta({ examples: ["3.1.1"] }),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.unknown()),
}).meta({ id: "OpenApi" });

export const getOpenApi = endpoint({
  id: "getOpenApi",
  method: "GET",
  path: "/openapi.json",
  tag: "Health",
  auth: "none",
  summary: "Get this OpenAPI document",
  success: { status: 200, schema: OpenApi },
});
