/** The part of Supabase Auth's admin API that operators and tests use; all of it by SQL. */
import { ANY_ORIGIN } from "./api_keys.ts";
import { authError } from "./auth_errors.ts";
import type { Database, Row } from "./database.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const USER_COLUMNS = `id, aud, role, email, phone, email_confirmed_at, phone_confirmed_at, confirmed_at,
  invited_at, last_sign_in_at, banned_until, is_anonymous, created_at, updated_at,
  coalesce(raw_app_meta_data, '{}') as app_metadata, coalesce(raw_user_meta_data, '{}') as user_metadata,
  (select coalesce(jsonb_agg(to_jsonb(identities) order by created_at), '[]')
    from auth.identities where identities.user_id = users.id) as identities`;

/**
 * Answers a request that already proved to be an operator's.
 * @param path below `/auth/v1`, such as `/admin/users/<uuid>`
 */
export async function answerAuthAdmin(
  request: Request,
  path: string,
  { database }: { database: Database },
): Promise<Response> {
  const url = new URL(request.url);
  const [, , area, id, rest] = path.split("/");
  if (area !== "users" || rest !== undefined) return notHere();
  if (id === undefined) return request.method === "GET" ? await listUsers(url, database) : notHere();
  if (!UUID.test(id)) return authError(404, "validation_failed", "user_id must be an UUID");
  const [user] = await findUsers(database, "where id = $1", [id]);
  if (!user) return authError(404, "user_not_found", "User not found");
  switch (request.method) {
    case "GET":
      return json(user);
    case "PUT":
      return await changeUser(request, id, database);
    case "DELETE":
      await database.query("delete from auth.users where id = $1", [id]);
      return json({});
    default:
      return notHere();
  }
}

async function listUsers(url: URL, database: Database): Promise<Response> {
  const page = Number(url.searchParams.get("page") ?? 1);
  const perPage = Number(url.searchParams.get("per_page") ?? 50);
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

async function changeUser(request: Request, id: string, database: Database): Promise<Response> {
  const body: Record<string, unknown> = await request.json().catch(() => ({}));
  const { ban_duration: ban, ...others } = body;
  if (Object.keys(others).length > 0) return notHere();
  if (typeof ban === "string") {
    const seconds = ban === "none" ? 0 : durationSeconds(ban);
    if (seconds === undefined) {
      return authError(
        400,
        "validation_failed",
        `invalid format for ban duration: time: invalid duration "${ban}"`,
      );
    }
    await database.query(
      "update auth.users set banned_until = case when $2 > 0 then now() + make_interval(secs => $2) end, updated_at = now() where id = $1",
      [id, seconds],
    );
  }
  const [user] = await findUsers(database, "where id = $1", [id]);
  return json(user ?? {});
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

async function findUsers(database: Database, rest: string, parameters: unknown[]): Promise<Row[]> {
  return await database.query(`select ${USER_COLUMNS} from auth.users ${rest}`, parameters);
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
