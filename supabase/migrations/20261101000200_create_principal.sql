-- Who is calling, read from the database at the time of use: claims only say which row to look at.
-- Policies and admission share these functions, so the Data API and the functions judge alike.
create type private.principal as (
  fault text,
  profile_id bigint,
  user_id uuid,
  email text,
  full_name text,
  profile_created_at timestamptz,
  organization_id bigint,
  organization_name text,
  role public.member_role,
  permissions text[],
  session_id uuid,
  api_key_id bigint,
  api_key_name text,
  api_key_prefix text,
  expires_at timestamptz,
  signed_in_at timestamptz
);

-- Alive: the person exists and is neither banned nor deleted.
create function private.is_user_alive(p_user_id uuid) returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select exists (
    select from auth.users u
    where u.id = p_user_id
      and u.deleted_at is null
      and (u.banned_until is null or u.banned_until <= now())
  )
$$;

-- When a person without a session in their tokens signs out, older tokens of theirs end here.
create table private.token_cutoffs (
  user_id uuid primary key references auth.users (id) on delete cascade,
  not_before timestamptz not null
);

-- The person behind an access token. A token with a session lives as long as its row in auth.sessions;
-- one without a session lives until its person next signs out.
create function private.resolve_session(p_user_id uuid, p_session_id uuid, p_issued_at timestamptz)
  returns private.principal
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal;
begin
  if p_session_id is not null then
    select s.created_at into who.signed_in_at
    from auth.sessions s
    where s.id = p_session_id and s.user_id = p_user_id and (s.not_after is null or s.not_after > now());
    if not found then
      who.fault := 'session_revoked';
      return who;
    end if;
  elsif exists (
    select from private.token_cutoffs c where c.user_id = p_user_id and p_issued_at <= c.not_before
  ) then
    who.fault := 'session_revoked';
    return who;
  end if;

  if not private.is_user_alive(p_user_id) then
    who.fault := 'session_revoked';
    return who;
  end if;

  select p.id, p.auth_user_id, p.email, p.full_name, p.created_at, m.organization_id, o.name, m.role
  into who.profile_id, who.user_id, who.email, who.full_name, who.profile_created_at,
    who.organization_id, who.organization_name, who.role
  from public.profiles p
  left join public.memberships m on m.profile_id = p.id
  left join public.organizations o on o.id = m.organization_id
  where p.auth_user_id = p_user_id
  -- Somebody removed from the active organization falls back to one that is still theirs.
  order by (m.organization_id = p.organization_id) desc nulls last, m.organization_id
  limit 1;
  if who.profile_id is null then
    who.fault := 'session_revoked';
    return who;
  end if;

  who.session_id := p_session_id;
  who.permissions := private.role_permissions(who.role);
  return who;
end
$$;

-- Ends every token of a person that has no session of its own; a session's end is Supabase Auth's to keep.
create function public.end_sessionless_tokens(p_user_id uuid) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.token_cutoffs (user_id, not_before) values (p_user_id, now())
  on conflict (user_id) do update set not_before = excluded.not_before
$$;

-- The principal of the current Data API request; `fault` is set where there is none.
create function private.current_principal() returns private.principal
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  claims jsonb := auth.jwt();
  nobody private.principal;
begin
  if claims ->> 'role' is distinct from 'authenticated' then
    nobody.fault := 'session_revoked';
    return nobody;
  end if;
  if claims ? 'api_key_id' then
    return private.resolve_api_key((claims ->> 'api_key_id')::bigint);
  end if;
  return private.resolve_session(
    (claims ->> 'sub')::uuid,
    (claims ->> 'session_id')::uuid,
    to_timestamp((claims ->> 'iat')::double precision)
  );
end
$$;

-- The policy helpers. Call each as `(select private.f())`: asked once a statement, not once a row.
create function private.organization_id() returns bigint
  language sql stable security definer
  set search_path = ''
as $$ select (private.current_principal()).organization_id $$;

create function private.profile_id() returns bigint
  language sql stable security definer
  set search_path = ''
as $$ select (private.current_principal()).profile_id $$;

-- The caller's own role: nobody gives, changes or takes a role above it.
create function private.own_role() returns public.member_role
  language sql stable security definer
  set search_path = ''
as $$ select (private.current_principal()).role $$;

create function private.permissions() returns text[]
  language sql stable security definer
  set search_path = ''
as $$ select coalesce((private.current_principal()).permissions, array[]::text[]) $$;

create function private.has_permission(p_permission text) returns boolean
  language sql stable security definer
  set search_path = ''
as $$ select p_permission = any (private.permissions()) $$;

create function private.has_role(variadic p_roles public.member_role[]) returns boolean
  language sql stable security definer
  set search_path = ''
as $$ select coalesce((private.current_principal()).role = any (p_roles), false) $$;

-- True for a person's own session: some rights are never a key's.
create function private.is_session() returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select who.fault is null and who.api_key_id is null from private.current_principal() who
$$;

-- Postgres shows a writer the row it changes only if a select policy does. A credential that may write but
-- not read gets that sight inside the write functions alone, by this switch (see docs/permissions.md).
create function private.begin_write() returns void
  language sql volatile
  set search_path = ''
as $$ select set_config('infraaudit.writing', 'on', true) $$;

create function private.may_see_to_write(p_permission text) returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select coalesce(current_setting('infraaudit.writing', true), '') = 'on' and private.has_permission(p_permission)
$$;

grant execute on function
  private.organization_id(),
  private.profile_id(),
  private.own_role(),
  private.permissions(),
  private.has_permission(text),
  private.has_role(public.member_role[]),
  private.is_session(),
  private.begin_write(),
  private.may_see_to_write(text)
to authenticated;

grant execute on function public.end_sessionless_tokens(uuid) to service_role;
