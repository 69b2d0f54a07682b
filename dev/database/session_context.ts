/** Who is asking, told to Postgres in one statement a request. */
import type { Connection } from "@supabase/lite";
import { CompiledQuery, type Kysely } from "kysely";

/** What the embedded server knows of a request. */
interface Caller {
  auth?: { uid?: string | null; role?: string; jwt?: unknown };
}

interface RpcRequest {
  method: string;
  path: string;
  requestHeaders?: Record<string, string>;
}

/** Private to TypeScript only. */
interface ContextMethods {
  applyJwtSessionContext(db: Kysely<unknown>, caller: Caller, isRoleKnown: boolean): Promise<void>;
  applyRpcRequestGucs(db: Kysely<unknown>, request: RpcRequest): Promise<void>;
}

/**
 * The embedded server sets each of up to eleven settings by a statement of its own, most of a request's time on
 * the embedded database. Here they are set together; names, values and their end with the transaction are the same.
 * @throws when the embedded server no longer has the methods this replaces
 */
export function setContextAtOnce(connection: Connection): void {
  const methods = connection as unknown as ContextMethods;
  for (const name of ["applyJwtSessionContext", "applyRpcRequestGucs"] as const) {
    if (typeof methods[name] !== "function") throw new Error(`the embedded Data API changed: no ${name}`);
  }
  methods.applyJwtSessionContext = async (db, { auth }) => {
    const role = auth?.role || "anon";
    await set(db, {
      role,
      "request.jwt.claim.sub": auth?.uid ?? "",
      "request.jwt.claim.role": role,
      "request.jwt.claims": JSON.stringify(auth?.jwt ?? { role }),
    });
  };
  methods.applyRpcRequestGucs = (db, { method, path, requestHeaders }) =>
    set(db, {
      "request.method": method,
      "request.path": path,
      "request.headers": JSON.stringify(requestHeaders ?? {}),
      "response.status": "",
      "response.headers": "",
    });
}

async function set(db: Kysely<unknown>, settings: Record<string, string>): Promise<void> {
  const names = Object.keys(settings);
  const calls = names.map((name, index) => `set_config('${name}', $${index + 1}, true)`);
  await db.executeQuery(CompiledQuery.raw(`select ${calls.join(", ")}`, Object.values(settings)));
}
