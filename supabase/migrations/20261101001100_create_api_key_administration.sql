-- What people see of keys, and how they make, rotate, change and revoke them. Row-level security and the guards judge
-- each statement; what these functions add are the defaults, and refusals that name what is missing.

-- The key that replaced this one, whether or not the caller may see it.
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
    select from public.memberships m join private.living_people p on p.id = m.profile_id
    where m.organization_id = p_key.organization_id and m.profile_id = p_key.created_by
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
      when p_key.expires_at <= now() + private.lasting('api_key_expiring_days') then 'expiring'
      else 'active'
    end
  end
$$;

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
grant select on public.api_key_overview to authenticated;

-- A key made with only a name can do what its maker can, but neither handle keys nor the team.
create function private.default_key_scopes() returns text[]
  language sql stable security definer
  set search_path = ''
as $$
  select array(
    select granted from unnest(private.permissions()) granted
    where granted not in ('api_keys:read', 'api_keys:write', 'team:write')
  )
$$;

-- Only the maker, in the moment of making, gives a key its hashes (pepper version → hex).
create function private.store_api_key_hashes(p_api_key_id bigint, p_hashes jsonb) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.api_key_hashes (api_key_id, pepper_version, hash)
  select k.id, given.key::smallint, decode(given.value, 'hex')
  from public.api_keys k cross join jsonb_each_text(p_hashes) given
  where k.id = p_api_key_id and k.created_by = private.profile_id()
$$;

-- Links a key just made to the one it takes over from, whose own end moves up to the end of its grace.
create function private.supersede_api_key(p_old_id bigint, p_new_id bigint, p_grace interval) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  old public.api_keys;
begin
  update public.api_keys set replaces = p_old_id where id = p_new_id;
  update public.api_keys set expires_at = least(expires_at, now() + p_grace) where id = p_old_id
  returning * into old;
  perform private.audit(
    old.organization_id, 'api_key.rotated', 'api_key', old.id::text,
    jsonb_build_object(
      'name', old.name, 'prefix', old.prefix, 'replaced_by', p_new_id, 'grace_ends_at', old.expires_at
    )
  );
end
$$;

-- The latest end that this credential may give a key asked to live until `p_asked`.
-- @raises PT403 when the wish goes beyond it
create function private.judge_key_expiry(p_asked timestamptz) returns void
  language plpgsql stable
  set search_path = ''
as $$
declare
  latest timestamptz := private.latest_key_expiry();
begin
  if latest is null or p_asked <= latest then
    return;
  end if;
  raise sqlstate 'PT403' using
    message = case
      when p_asked is null then 'Only a session or an unlimited key of an owner may make keys that never expire.'
      else 'A key can''t make one that lives longer than itself.'
    end,
    detail = 'expires_in_days';
end
$$;

create function public.create_api_key(
  p_name text,
  p_prefix text,
  p_hashes jsonb,
  p_scopes text[] default null,
  p_life_days integer default null,
  p_never_expires boolean default false,
  p_allowed_ips inet[] default null,
  p_rate_limit integer default null
) returns setof public.api_key_overview
  language plpgsql security invoker
  set search_path = ''
as $$
declare
  v_scopes text[] := coalesce(p_scopes, private.default_key_scopes());
  v_expires_at timestamptz;
  v_id bigint;
begin
  perform private.begin_write();
  perform private.require_permissions(array['api_keys:write'] || v_scopes);
  if p_never_expires or p_life_days is not null then
    v_expires_at := case when not p_never_expires then now() + make_interval(days => p_life_days) end;
    perform private.judge_key_expiry(v_expires_at);
  else
    v_expires_at := least(now() + private.lasting('api_key_default_days'), private.latest_key_expiry());
  end if;

  insert into public.api_keys
    (organization_id, created_by, name, prefix, scopes, allowed_ips, rate_limit, expires_at)
  values (
    private.organization_id(), private.profile_id(), p_name, p_prefix, v_scopes, p_allowed_ips, p_rate_limit,
    v_expires_at
  )
  returning id into v_id;
  perform private.store_api_key_hashes(v_id, p_hashes);

  return query select * from public.api_key_overview where id = v_id;
end
$$;

-- Makes a key that takes over from another: same name, scopes, addresses and limit, as long a life from now as far
-- as the caller may give it. It belongs to who rotates, who alone knows its secret. No row where there is no such
-- key. The old one lives on for the grace.
create function public.rotate_api_key(p_id bigint, p_prefix text, p_hashes jsonb, p_grace_seconds integer)
  returns setof public.api_key_overview
  language plpgsql security invoker
  set search_path = ''
as $$
declare
  old public.api_keys;
  latest timestamptz;
  successor bigint;
begin
  perform private.begin_write();
  perform private.require_permissions(array['api_keys:write']);
  if p_grace_seconds is null or p_grace_seconds not between 0 and private.limit_of('api_key_grace_seconds') then
    raise sqlstate 'PT400' using message = 'The grace period must be 0 seconds to 7 days.';
  end if;
  -- The row's lock orders racing rotations: the second one finds the successor.
  select k.* into old from public.api_keys k where k.id = p_id for update;
  if not found then
    return;
  end if;
  perform private.require_permissions(old.scopes);
  successor := private.successor_of(p_id);
  if successor is not null then
    raise sqlstate 'PT409' using message = format('This key already has a successor, key %s.', successor);
  end if;
  if private.api_key_fault(old) is not null then
    raise sqlstate 'PT422' using message = 'This key is no longer active. Create a new one.';
  end if;

  latest := private.latest_key_expiry();
  -- The cap on living keys is judged once it's known that this one replaces another.
  set constraints public.cap_api_keys deferred;
  insert into public.api_keys
    (organization_id, created_by, name, prefix, scopes, allowed_ips, rate_limit, expires_at)
  values (
    old.organization_id, private.profile_id(), old.name, p_prefix, old.scopes, old.allowed_ips, old.rate_limit,
    case
      when old.expires_at is null and latest is null then null
      else least(now() + least(coalesce(old.expires_at - old.created_at, private.lasting('api_key_default_days')), private.lasting('api_key_days')), latest)
    end
  )
  returning id into successor;
  perform private.store_api_key_hashes(successor, p_hashes);
  perform private.supersede_api_key(p_id, successor, make_interval(secs => p_grace_seconds));
  set constraints public.cap_api_keys immediate;

  return query select * from public.api_key_overview where id = successor;
end
$$;

-- Changes the fields that are sent; no row where there is no such key.
create function public.update_api_key(p_id bigint, p_changes jsonb) returns setof public.api_key_overview
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  perform private.require_permissions(array['api_keys:write']);
  update public.api_keys k set
    name = coalesce(p_changes ->> 'name', k.name),
    scopes = case
      when p_changes ? 'scopes' then array(select jsonb_array_elements_text(p_changes -> 'scopes'))
      else k.scopes
    end,
    allowed_ips = case
      when p_changes ? 'allowed_ips' then (
        select array_agg(given::inet)
        from jsonb_array_elements_text(nullif(p_changes -> 'allowed_ips', 'null')) given
      )
      else k.allowed_ips
    end,
    rate_limit = case when p_changes ? 'rate_limit' then (p_changes ->> 'rate_limit')::integer else k.rate_limit end
  where k.id = p_id;
  return query select * from public.api_key_overview where id = p_id;
end
$$;

-- Revokes a key; doing so twice is no error and no second event.
create function public.revoke_api_key(p_id bigint) returns boolean
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  perform private.require_permissions(array['api_keys:write']);
  update public.api_keys set revoked_at = now() where id = p_id and revoked_at is null;
  return found or exists (select from public.api_keys where id = p_id);
end
$$;

grant execute on function
  private.successor_of(bigint),
  private.api_key_status(public.api_keys),
  private.default_key_scopes(),
  private.store_api_key_hashes(bigint, jsonb),
  private.supersede_api_key(bigint, bigint, interval),
  private.judge_key_expiry(timestamptz),
  public.create_api_key(text, text, jsonb, text[], integer, boolean, inet[], integer),
  public.rotate_api_key(bigint, text, jsonb, integer),
  public.update_api_key(bigint, jsonb),
  public.revoke_api_key(bigint)
to authenticated;
