/** What one endpoint is: the single description that validation, OpenAPI and the typed client share. */
import type { z } from "zod";
import type { ErrorCode } from "./errors.ts";
import type { Permission } from "./permissions.ts";

type ObjectSchema = z.ZodObject | undefined;

/** A schema's type as a client sends it, or `undefined` where the endpoint has none. */
export type Sent<S> = S extends z.ZodType ? z.input<S> : undefined;
/** A schema's type after validation, or `undefined` where the endpoint has none. */
export type Received<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface Endpoint<
  Params extends ObjectSchema = ObjectSchema,
  Query extends ObjectSchema = ObjectSchema,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Answer extends z.ZodType | undefined = z.ZodType | undefined,
> {
  /** OpenAPI operationId, camelCase, a verb first. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Hono path that starts with the function's name, such as `/resources/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** Which credential is needed: `none`, `bearer` (header), or `stream` (header or `?token=`). */
  readonly auth: "none" | "bearer" | "stream";
  /** True where a session may call that has yet to prove its second factor. */
  readonly acceptsAal1?: boolean;
  /** The permission row-level security asks for here; named in a 403, decided by Postgres. */
  readonly permission?: Permission;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** True where the handler reads the body's bytes itself, as a signature covers them; `body` describes it. */
  readonly isBodyRaw?: boolean;
  /** `application/x-www-form-urlencoded` instead of JSON, as the OAuth standards have it. */
  readonly bodyType?: "form";
  /** Largest accepted body in bytes; 1 MiB where absent. */
  readonly maxBodyBytes?: number;
  /** Status and schema of the usual success; no schema means an empty body. */
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema?: Answer;
    readonly contentType?: string;
  };
  /** Further documented successes. */
  readonly alternatives?: readonly { readonly status: 200 | 202; readonly schema?: z.ZodType }[];
  /** Error codes beyond those that every endpoint of its kind can answer. */
  readonly errors?: readonly ErrorCode[];
}

/** Names an endpoint and keeps the exact types of its schemas. */
export function endpoint<
  Params extends ObjectSchema = undefined,
  Query extends ObjectSchema = undefined,
  Body extends z.ZodType | undefined = undefined,
  Answer extends z.ZodType | undefined = undefined,
>(definition: Endpoint<Params, Query, Body, Answer>): Endpoint<Params, Query, Body, Answer> {
  return definition;
}
