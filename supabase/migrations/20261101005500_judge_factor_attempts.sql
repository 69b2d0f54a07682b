-- Codes of authenticator apps at Supabase Auth itself, whose hook "MFA verification attempt" asks here before it
-- answers. Without it Auth counts wrong codes by address alone, and takes a right one as often as it comes.
create table private.factor_attempts (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  factor_id uuid not null,
  attempted_at timestamptz not null default clock_timestamp(),
  is_taken boolean not null
);

create index factor_attempts_user_id_idx on private.factor_attempts (user_id, attempted_at);

-- @param event `{user_id, factor_id, factor_type, valid}`, as Supabase Auth sends it
-- @returns `{decision: "continue"}`, or `{error: {http_code, message}}`: a rejection would end all of the person's sessions
create function private.judge_factor_attempt(event jsonb) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  refusals_allowed constant integer := 5;
  counted constant interval := interval '5 minutes';
  step_seconds constant integer := 30;
  person uuid := (event ->> 'user_id')::uuid;
  factor uuid := (event ->> 'factor_id')::uuid;
  is_right boolean := coalesce((event ->> 'valid')::boolean, false);
  -- A code counts from a step before its own to a step after: of the one taken last, and of no other, that may be now.
  reusable_since timestamptz :=
    to_timestamp((floor(extract(epoch from clock_timestamp()) / step_seconds) - 1) * step_seconds);
  is_used boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('factor attempts of ' || person, 0));
  delete from private.factor_attempts a where a.user_id = person and a.attempted_at < clock_timestamp() - counted;
  if (select count(*) from private.factor_attempts a where a.user_id = person and not a.is_taken) >= refusals_allowed then
    return '{"error": {"http_code": 429, "message": "Too many wrong codes. Try again in five minutes."}}'::jsonb;
  end if;
  is_used := is_right and event ->> 'factor_type' = 'totp' and exists (
    select from private.factor_attempts a
    where a.user_id = person and a.factor_id = factor and a.is_taken and a.attempted_at >= reusable_since
  );
  insert into private.factor_attempts (user_id, factor_id, is_taken) values (person, factor, is_right and not is_used);
  if is_used then
    return '{"error": {"http_code": 422, "message": "This code was used before. Wait a minute for another one."}}'::jsonb;
  end if;
  return '{"decision": "continue"}'::jsonb;
end
$$;

-- The embedded stack's own Auth does this by itself, and has no such role.
do $$
begin
  if exists (select from pg_roles where rolname = 'supabase_auth_admin') then
    grant usage on schema private to supabase_auth_admin;
    grant execute on function private.judge_factor_attempt(jsonb) to supabase_auth_admin;
  end if;
end
$$;
