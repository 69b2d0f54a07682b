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
  signed_in_at timestamptz,
  -- `aal1` or `aal2` for a session (NIST SP 800-63B); null for a key, which was made by somebody who had signed in.
  aal text
);

-- When a person without a session in their tokens signs out, older tokens of theirs end here.
create table private.token_cutoffs (
  user_id uuid primary key references auth.users (id) on delete cascade,
  not_before timestamptz not null
);

-- Tokens without a session that were signed out by themselves. Nothing else names such a token: of one person, those
-- issued in the same second are one.
create table private.ended_tokens (
  user_id uuid not null references auth.users (id) on delete cascade,
  issued_at timestamptz not null,
  -- When the token ends by itself: until then, forgetting this would bring it back.
  expires_at timestamptz not null,
  primary key (user_id, issued_at)
);

create index ended_tokens_expires_at_idx on private.ended_tokens (expires_at);

-- The person behind an access token. A token with a session lives as long as its row in auth.sessions; one without a
-- session lives until it, or its person everywhere, is signed out. A session of somebody with a second factor counts
-- only once that is proved: its row says so, and so must the token, for one from before the second factor stays weak. A
-- fault that begins with `mfa_` leaves the person in the answer, for the few calls that lead out of it, but no
-- permission.
create function private.resolve_session(
  p_user_id uuid,
  p_session_id uuid,
  p_issued_at timestamptz,
  p_token_aal text default 'aal2'
) returns private.principal
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal;
  has_factor boolean;
  must_have_factor boolean;
begin
  select p.id, p.auth_user_id, p.email, p.full_name, p.created_at, m.organization_id, o.name, m.role,
    s.id, s.created_at, case when p_token_aal = 'aal2' and s.aal::text in ('aal2', 'aal3') then 'aal2' else 'aal1' end,
    exists (select from auth.mfa_factors f where f.user_id = p_user_id and f.status::text = 'verified'),
    coalesce(o.require_mfa, false)
  into who.profile_id, who.user_id, who.email, who.full_name, who.profile_created_at,
    who.organization_id, who.organization_name, who.role,
    who.session_id, who.signed_in_at, who.aal, has_factor, must_have_factor
  from private.living_people p
  left join auth.sessions s
    on s.id = p_session_id and s.user_id = p_user_id and (s.not_after is null or s.not_after > now())
  left join public.memberships m on m.profile_id = p.id
  left join public.organizations o on o.id = m.organization_id
  where p.auth_user_id = p_user_id
    and (s.id is not null or (p_session_id is null and not exists (
      select from private.token_cutoffs c
      -- A token that does not say when it was issued is older than any cut.
      where c.user_id = p_user_id and (p_issued_at <= c.not_before) is not false
    ) and not exists (
      select from private.ended_tokens e where e.user_id = p_user_id and e.issued_at = p_issued_at
    )))
  -- Somebody removed from the active organization falls back to one that is still theirs.
  order by (m.organization_id = p.organization_id) desc nulls last, m.organization_id
  limit 1;

  if who.profile_id is null then
    who.fault := 'session_revoked';
  elsif who.aal = 'aal1' and (has_factor or must_have_factor) then
    who.fault := case when has_factor then 'mfa_challenge' else 'mfa_enrolment' end;
    who.permissions := array[]::text[];
  else
    who.permissions := private.role_permissions(who.role);
  end if;
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

-- Ends one token that has no session, and no other.
create function public.end_sessionless_token(p_user_id uuid, p_issued_at timestamptz, p_expires_at timestamptz)
  returns void
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.ended_tokens as t (user_id, issued_at, expires_at) values (p_user_id, p_issued_at, p_expires_at)
  on conflict (user_id, issued_at) do update set expires_at = greatest(t.expires_at, excluded.expires_at)
$$;

-- The answer to a direct call of the Data API that lacks the second factor (RFC 9470 §3).
create function private.demand_second_factor() returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  raise sqlstate 'PGRST' using
    message = json_build_object(
      'code', 'MFA_REQUIRED',
      'message', 'This needs your second factor.',
      'details', null,
      'hint', null
    )::text,
    detail = json_build_object(
      'status', 401,
      'headers', json_build_object(
        'WWW-Authenticate', 'Bearer error="insufficient_user_authentication", acr_values="aal2"'
      )
    )::text;
end
$$;

-- The principal of the current Data API request; `fault` is set where there is none.
create function private.current_principal() returns private.principal
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  claims jsonb := auth.jwt();
  who private.principal;
begin
  if claims ->> 'role' is distinct from 'authenticated'
    -- The functions refuse these at the door; here for callers straight at the Data API.
    or claims -> 'is_anonymous' = 'true'
    or (claims ->> 'exp')::double precision <= (claims ->> 'iat')::double precision then
    who.fault := 'session_revoked';
    return who;
  end if;
  if claims ? 'api_key_id' then
    return private.resolve_api_key(
      (claims ->> 'api_key_id')::bigint,
      p_judges_address => true,
      p_address => coalesce(claims ->> 'address', claims -> 'request' ->> 'address')
    );
  end if;
  who := private.resolve_session(
    (claims ->> 'sub')::uuid,
    (claims ->> 'session_id')::uuid,
    to_timestamp((claims ->> 'iat')::double precision),
    coalesce(claims ->> 'aal', 'aal1')
  );
  if who.fault in ('mfa_challenge', 'mfa_enrolment') then
    perform private.demand_second_factor();
  end if;
  return who;
end
$$;

-- The policy helper: the organization in which the caller may do this, null where there is none. Call it as
-- `organization_id = (select private.organization_where('resources:read'))`: the principal is resolved once a
-- statement, not once a row and not once a condition.
-- Postgres shows a writer the row it changes only if a select policy does. `or_writing` is the permission that gives
-- this sight to a credential that may write but not read, inside the write functions alone (docs/permissions.md).
create function private.organization_where(p_permission text, or_writing text default null) returns bigint
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal := private.current_principal();
begin
  if p_permission = any (who.permissions)
    or (or_writing = any (who.permissions) and current_setting('infraaudit.writing', true) = 'on') then
    return who.organization_id;
  end if;
  return null;
end
$$;

-- Begins a write function: from here to the transaction's end writers see what they change, and the server's log lines
-- of the transaction (`%a` in log_line_prefix) and pg_stat_activity name the request.
create function private.begin_write() returns void
  language plpgsql volatile
  set search_path = ''
as $$
declare
  request_id constant text := auth.jwt() -> 'request' ->> 'request_id';
begin
  perform set_config('infraaudit.writing', 'on', true);
  if request_id is not null then
    perform set_config('application_name', left('infraaudit ' || request_id, 63), true);
  end if;
end
$$;

-- Single facts of the principal. In a policy, wrap each in `(select …)`.
create function private.organization_id() returns bigint
  language plpgsql stable security definer
  set search_path = ''
as $$ begin return (private.current_principal()).organization_id; end $$;

create function private.profile_id() returns bigint
  language plpgsql stable security definer
  set search_path = ''
as $$ begin return (private.current_principal()).profile_id; end $$;

-- The caller's own role: no one gives, changes or takes a role above it.
create function private.own_role() returns public.member_role
  language plpgsql stable security definer
  set search_path = ''
as $$ begin return (private.current_principal()).role; end $$;

create function private.permissions() returns text[]
  language plpgsql stable security definer
  set search_path = ''
as $$ begin return coalesce((private.current_principal()).permissions, array[]::text[]); end $$;

create function private.has_permission(p_permission text) returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$ begin return p_permission = any (private.permissions()); end $$;

create function private.has_role(variadic p_roles public.member_role[]) returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$ begin return coalesce((private.current_principal()).role = any (p_roles), false); end $$;

-- True for a person's own session: some rights are never a key's.
create function private.is_session() returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal := private.current_principal();
begin
  return who.fault is null and who.api_key_id is null;
end
$$;

-- The caller, who must be a person in a session of theirs: what no key may do at all. `p_doing` ends the refusal.
create function private.session_principal(p_doing text) returns private.principal
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal := private.current_principal();
begin
  if who.fault is not null or who.api_key_id is not null then
    raise insufficient_privilege using message = 'only a signed-in session may ' || p_doing;
  end if;
  return who;
end
$$;

grant execute on function
  private.organization_where(text, text),
  private.begin_write(),
  private.organization_id(),
  private.profile_id(),
  private.own_role(),
  private.permissions(),
  private.has_permission(text),
  private.has_role(public.member_role[]),
  private.is_session()
to authenticated;

grant execute on function
  public.end_sessionless_tokens(uuid),
  public.end_sessionless_token(uuid, timestamptz, timestamptz)
to service_role;
