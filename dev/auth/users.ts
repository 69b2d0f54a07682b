/** People of the Auth schema by SQL, as the Auth server itself would write them. */
import type { Database, Row } from "../database/database.ts";

/** What an operator may set of a person. */
export interface UserChange {
  email?: string;
  password?: string;
  /** Confirms the email now. */
  email_confirm?: boolean;
  /** Merged into what is there. */
  user_metadata?: Record<string, unknown>;
  app_metadata?: Record<string, unknown>;
  /** Seconds from now; 0 lifts the ban. */
  ban_seconds?: number;
}

const USER_COLUMNS = `id, aud, role, email, phone, email_confirmed_at, phone_confirmed_at, confirmed_at,
  invited_at, last_sign_in_at, banned_until, is_anonymous, created_at, updated_at,
  coalesce(raw_app_meta_data, '{}') as app_metadata, coalesce(raw_user_meta_data, '{}') as user_metadata,
  (select coalesce(jsonb_agg(to_jsonb(identities) order by created_at), '[]')
    from auth.identities where identities.user_id = users.id) as identities`;

/** Users in the shape of the Auth server's answers. `rest` is the query after `from`. */
export async function findUsers(database: Database, rest: string, parameters: unknown[]): Promise<Row[]> {
  return await database.query(`select ${USER_COLUMNS} from auth.users ${rest}`, parameters);
}

/** The user with this email, in any case. */
export async function findUserByEmail(database: Database, email: string): Promise<Row | undefined> {
  return (await findUsers(database, "where email = lower($1) and not is_sso_user", [email]))[0];
}

/**
 * Adds a user with an email identity; without a password, password sign-in is impossible.
 * @returns the new id
 */
export async function addUser(database: Database, email: string, metadata: object): Promise<string> {
  const [user] = await database.query<{ id: string }>(
    `with person as (
       insert into auth.users (id, aud, role, email, encrypted_password, raw_app_meta_data, raw_user_meta_data)
       values (gen_random_uuid(), 'authenticated', 'authenticated', lower($1), '',
         '{"provider": "email", "providers": ["email"]}', $2::text::jsonb)
       returning id, email
     ), identity as (
       insert into auth.identities (provider, provider_id, user_id, identity_data)
       select 'email', id::text, id,
         jsonb_build_object('sub', id, 'email', email, 'email_verified', false, 'phone_verified', false)
       from person
     )
     select id from person`,
    [email, JSON.stringify(metadata)],
  );
  return user!.id;
}

/** Changes what is given and leaves the rest. */
export async function changeUser(database: Database, id: string, change: UserChange): Promise<void> {
  await database.query(
    `update auth.users set
       email = coalesce(lower($2), email),
       encrypted_password = coalesce(extensions.crypt($3, extensions.gen_salt('bf', 10)), encrypted_password),
       email_confirmed_at = case when $4::boolean then coalesce(email_confirmed_at, now()) else email_confirmed_at end,
       raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || coalesce($5::text::jsonb, '{}'),
       raw_app_meta_data = coalesce(raw_app_meta_data, '{}') || coalesce($6::text::jsonb, '{}'),
       banned_until = case
         when $7::float8 is null then banned_until
         when $7::float8 > 0 then now() + make_interval(secs => $7::float8)
       end,
       updated_at = now()
     where id = $1`,
    [
      id,
      change.email ?? null,
      change.password ?? null,
      change.email_confirm ?? null,
      change.user_metadata ? JSON.stringify(change.user_metadata) : null,
      change.app_metadata ? JSON.stringify(change.app_metadata) : null,
      change.ban_seconds ?? null,
    ],
  );
}
