/** The part of Supabase Auth's admin API that operators and tests use. */
import { ANY_ORIGIN } from "./project_keys.ts";
import { authError } from "./errors.ts";
import { addUser, changeUser, findUserByEmail, findUsers, type UserChange } from "./users.ts";
import type { Database } from "../database/database.ts";
import { invite } from "./invites.ts";
import { removeFactor } from "./mfa_factors.ts";
import type { Mailbox } from "./mailbox.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SHORTEST_PASSWORD = 6;

/**
 * Answers a request that already proved to be an operator's.
 * @param path below `/auth/v1`, such as `/admin/users/<uuid>`
 */
export async function answerAuthAdmin(
  request: Request,
  path: string,
  { database, mailbox }: { database: Database; mailbox: Mailbox },
): Promise<Response> {
  const url = new URL(request.url);
  if (path === "/invite" && request.method === "POST") return await invite(request, database, mailbox);
  const [, , area, id, rest, factor] = path.split("/");
  if (area === "users" && rest === "factors" && request.method === "DELETE") {
    const [own] = await database.query<{ id: string }>(
      "select id from auth.mfa_factors where id::text = $1 and user_id::text = $2",
      [factor, id],
    );
    return own
      ? await removeFactor(database, own.id)
      : authError(404, "mfa_factor_not_found", "Factor not found");
  }
  if (area !== "users" || rest !== undefined) return notHere();
  if (id === undefined) {
    if (request.method === "GET") return await listUsers(url, database);
    if (request.method === "POST") return await createUser(request, database);
    return notHere();
  }
  if (!UUID.test(id)) return authError(404, "validation_failed", "user_id must be an UUID");
  const [user] = await findUsers(database, "where id = $1", [id]);
  if (!user) return authError(404, "user_not_found", "User not found");
  switch (request.method) {
    case "GET":
      return json(user);
    case "PUT": {
      const change = await readChange(request);
      if (change instanceof Response) return change;
      await changeUser(database, id, change);
      return json((await findUsers(database, "where id = $1", [id]))[0]);
    }
    case "DELETE":
      await database.query("delete from auth.users where id = $1", [id]);
      return json({});
    default:
      return notHere();
  }
}

async function listUsers(url: URL, database: Database): Promise<Response> {
  const page = Number(url.searchParams.get("page") || 1);
  const perPage = Number(url.searchParams.get("per_page") || 50);
  if (!(page >= 1 && perPage >= 1)) return authError(400, "validation_failed", "Bad Pagination Parameters");
  const users = await findUsers(database, "order by created_at desc limit $1 offset $2", [
    perPage,
    (page - 1) * perPage,
  ]);
  const [count] = await database.query<{ total: number }>(
    "select count(*)::integer as total from auth.users",
  );
  return json({ users, aud: "authenticated" }, { "x-total-count": String(count?.total ?? 0) });
}

async function createUser(request: Request, database: Database): Promise<Response> {
  const change = await readChange(request);
  if (change instanceof Response) return change;
  if (!change.email) {
    return authError(400, "validation_failed", "Cannot create a user without either an email or phone");
  }
  if (await findUserByEmail(database, change.email)) {
    return authError(422, "email_exists", "A user with this email address has already been registered");
  }
  const id = await addUser(database, change.email, change.user_metadata ?? {});
  await changeUser(database, id, change);
  return json((await findUsers(database, "where id = $1", [id]))[0]);
}

async function readChange(request: Request): Promise<UserChange | Response> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body !== "object" || body === null) {
    return authError(400, "bad_json", "Could not parse request body as JSON");
  }
  const { ban_duration: ban, ...change } = body as UserChange & { ban_duration?: string };
  if (change.password !== undefined && change.password.length < SHORTEST_PASSWORD) {
    return authError(422, "weak_password", `Password should be at least ${SHORTEST_PASSWORD} characters.`);
  }
  if (ban === undefined) return change;
  const seconds = ban === "none" ? 0 : durationSeconds(ban);
  if (seconds === undefined) {
    return authError(
      400,
      "validation_failed",
      `invalid format for ban duration: time: invalid duration "${ban}"`,
    );
  }
  return { ...change, ban_seconds: seconds };
}

/** Go's duration format (`1h30m`, `876000h`) in seconds. */
function durationSeconds(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const seconds = { ms: 0.001, s: 1, m: 60, h: 3600 };
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g)) {
    total += Number(amount) * seconds[unit as keyof typeof seconds];
  }
  return total;
}

function json(body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { headers: { ...ANY_ORIGIN, ...headers } });
}

function notHere(): Response {
  return authError(
    501,
    "not_implemented",
    "The local stack has no such admin endpoint; a hosted project does",
  );
}
