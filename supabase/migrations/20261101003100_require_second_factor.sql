-- A second factor, decided here: a session of somebody who has one counts only once it is proved, and an organization
-- can ask it of everybody. Factors themselves are Supabase Auth's.
alter table public.organizations add column require_mfa boolean not null default false;

-- `aal1` or `aal2` for a session (NIST SP 800-63B); null for a key, which was made by somebody who had signed in.
alter type private.principal add attribute aal text;

create function private.has_second_factor(p_user_id uuid) returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select exists (
    select from auth.mfa_factors f where f.user_id = p_user_id and f.status::text = 'verified'
  )
$$;

-- What a session has proved. Its row says so, and so must the token: one from before the second factor stays weak.
create function private.session_aal(p_session_id uuid, p_token_aal text) returns text
  language sql stable security definer
  set search_path = ''
as $$
  select case when p_token_aal = 'aal2' and exists (
    select from auth.sessions s where s.id = p_session_id and s.aal::text in ('aal2', 'aal3')
  ) then 'aal2' else 'aal1' end
$$;

-- What resolving finds of a session by itself; the second factor is judged on top.
alter function private.resolve_session(uuid, uuid, timestamptz) rename to resolve_first_factor;

-- The person behind an access token. A fault that ends in `mfa_…` leaves the person in the answer, for the few calls
-- that lead out of it, but no permission.
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
  who private.principal := private.resolve_first_factor(p_user_id, p_session_id, p_issued_at);
begin
  if who.fault is not null then
    return who;
  end if;
  who.aal := private.session_aal(p_session_id, p_token_aal);
  if who.aal = 'aal1' then
    who.fault := case
      when private.has_second_factor(p_user_id) then 'mfa_challenge'
      when (select o.require_mfa from public.organizations o where o.id = who.organization_id) then 'mfa_enrolment'
    end;
    if who.fault is not null then
      who.permissions := array[]::text[];
    end if;
  end if;
  return who;
end
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
create or replace function private.current_principal() returns private.principal
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  claims jsonb := auth.jwt();
  who private.principal;
begin
  if claims ->> 'role' is distinct from 'authenticated'
    -- The functions refuse these at the door; here for whoever comes straight to the Data API.
    or claims -> 'is_anonymous' = 'true'
    or (claims ->> 'exp')::double precision <= (claims ->> 'iat')::double precision then
    who.fault := 'session_revoked';
    return who;
  end if;
  if claims ? 'api_key_id' then
    return private.resolve_api_key((claims ->> 'api_key_id')::bigint);
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

-- Admits the bearer of a verified access token. Without a limit the look counts for nothing. `p_accept_aal1` is for the
-- calls that lead to the second factor, or out of the session.
drop function public.admit_session(uuid, timestamptz, uuid, integer);
create function public.admit_session(
  p_user_id uuid,
  p_issued_at timestamptz,
  p_session_id uuid default null,
  p_rate_limit integer default null,
  p_aal text default 'aal1',
  p_accept_aal1 boolean default false
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  who private.principal := private.resolve_session(p_user_id, p_session_id, p_issued_at, p_aal);
begin
  if p_accept_aal1 and who.fault in ('mfa_challenge', 'mfa_enrolment') then
    who.fault := null;
  end if;
  return private.admission(who, 'user:' || p_user_id, p_rate_limit);
end
$$;

revoke execute on function
  private.has_second_factor(uuid),
  private.session_aal(uuid, text),
  private.resolve_session(uuid, uuid, timestamptz, text),
  private.demand_second_factor()
from public;
revoke execute on function public.admit_session(uuid, timestamptz, uuid, integer, text, boolean)
from public, anon, authenticated, service_role;
grant execute on function public.admit_session(uuid, timestamptz, uuid, integer, text, boolean) to service_role;
