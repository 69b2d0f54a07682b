/** A migrated and seeded database without any server before it: statements run as the real roles. */
import { openDatabase } from "../../dev/open_database.ts";
import type { Row } from "../../dev/database/database.ts";
import type { Person } from "../http/cast.ts";

const ROOT = new URL("../../", import.meta.url);

export type Query = <T extends Row = Row>(sql: string, parameters?: readonly unknown[]) => Promise<T[]>;
type Claims = Record<string, unknown>;

/** The claim that the functions sign for one request: what carries it came through the API. */
export const VOUCHED: Claims = { request: { request_id: "test", address: null, user_agent: "test" } };

export interface BareDatabase {
  /** As superuser. */
  readonly query: Query;
  /** One transaction as an API role with these claims, kept when the work succeeds. */
  as<T>(
    role: "anon" | "authenticated" | "service_role",
    claims: Claims,
    work: (query: Query) => Promise<T>,
  ): Promise<T>;
  /** One transaction as a person of the seed, in a session made for it, with further claims in its token. */
  asPerson<T>(person: Person, work: (query: Query) => Promise<T>, more?: Claims): Promise<T>;
  /** One transaction as an API key of the person, made for it with these scopes. */
  asKey<T>(
    person: Person,
    scopes: readonly string[],
    work: (query: Query) => Promise<T>,
    more?: Claims,
  ): Promise<T>;
}

/** Opens one; it ends after the file's last test. */
export async function openBareDatabase(): Promise<BareDatabase> {
  const folder = new URL(".infraaudit", ROOT).pathname;
  const { database, close } = await openDatabase(
    { ephemeral: true, folder },
    ROOT,
    "http://bare.test/auth/v1",
  );
  Deno.test.afterAll(close);
  const query: Query = (sql, parameters) => database.query(sql, parameters);

  const as: BareDatabase["as"] = async (role, claims, work) => {
    let result: { value: Awaited<ReturnType<typeof work>> } | undefined;
    await database.script("select 1", async (query) => {
      await query("select set_config('request.jwt.claims', $1, true)", [JSON.stringify({ role, ...claims })]);
      await query(`set local role ${role}`);
      result = { value: await work(query) };
    });
    return result!.value;
  };

  const person = async (name: Person) => {
    const [row] = await query<{ id: number; auth_user_id: string }>(
      "select id, auth_user_id from public.profiles where email = $1",
      [`${name}@example.com`],
    );
    return row!;
  };

  return {
    query,
    as,
    asPerson: async (name, work, more) => {
      const { auth_user_id: sub } = await person(name);
      const sessionId = crypto.randomUUID();
      await query("insert into auth.sessions (id, user_id) values ($1, $2)", [sessionId, sub]);
      return await as("authenticated", { sub, session_id: sessionId, iat: 0, ...more }, work);
    },
    asKey: async (name, scopes, work, more) => {
      const { id, auth_user_id: sub } = await person(name);
      const [key] = await query<{ id: number }>(
        `insert into public.api_keys (organization_id, created_by, name, prefix, scopes)
         select organization_id, id, 'test', $2, $3::text[] from public.profiles where id = $1 returning id`,
        [id, `ia_live_${crypto.randomUUID().replaceAll("-", "").slice(0, 10)}`, `{${scopes.join(",")}}`],
      );
      return await as("authenticated", { sub, api_key_id: key!.id, ...more }, work);
    },
  };
}
