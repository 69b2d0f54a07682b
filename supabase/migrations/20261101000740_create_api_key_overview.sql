-- What the API shows of a key: its maker by name, its lineage and its status, never its hash.

-- The key that took over from this one, whoever may see it.
create function private.successor_of(p_api_key_id bigint) returns bigint
  language sql stable security definer
  set search_path = ''
as $$
  select k.id from public.api_keys k where k.replaces = p_api_key_id
$$;

-- A key dies with its maker's membership.
create function private.has_living_maker(p_key public.api_keys) returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select exists (
    select from public.memberships m join public.profiles p on p.id = m.profile_id
    where m.organization_id = p_key.organization_id
      and m.profile_id = p_key.created_by
      and private.is_user_alive(p.auth_user_id)
  )
$$;

-- A key's status, for people.
create function private.api_key_status(p_key public.api_keys) returns text
  language sql stable security definer
  set search_path = ''
as $$
  select case private.api_key_fault(p_key)
    when 'api_key_revoked' then 'revoked'
    when 'api_key_expired' then 'expired'
    when 'api_key_disabled' then 'disabled'
    else case
      when not private.has_living_maker(p_key) then 'disabled'
      when private.successor_of(p_key.id) is not null then 'grace'
      when p_key.expires_at <= now() + interval '14 days' then 'expiring'
      else 'active'
    end
  end
$$;

-- Who made something the caller may see, also where the caller may not list the team.
create function private.person(p_profile_id bigint) returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select jsonb_build_object('id', p.id, 'email', p.email) from public.profiles p where p.id = p_profile_id
$$;

revoke execute on function
  private.successor_of(bigint),
  private.has_living_maker(public.api_keys),
  private.api_key_status(public.api_keys),
  private.person(bigint)
from public;
grant execute on function
  private.successor_of(bigint), private.api_key_status(public.api_keys), private.person(bigint)
to authenticated;

create view public.api_key_overview with (security_invoker = true) as
select
  k.id,
  k.name,
  k.prefix,
  k.scopes,
  k.allowed_ips,
  k.rate_limit,
  private.person(k.created_by) as created_by,
  k.created_at,
  k.last_used_at,
  k.expires_at,
  k.revoked_at,
  k.replaces,
  private.successor_of(k.id) as replaced_by,
  private.api_key_status(k) as status
from public.api_keys k;

revoke all on public.api_key_overview from anon, authenticated, service_role;
grant select on public.api_key_overview to authenticated;
