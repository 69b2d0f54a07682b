-- API keys: the row that people see. The secret's hash lives in private.api_key_hashes.
create table public.api_keys (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  created_by bigint references public.profiles (id) on delete set null,
  name text not null check (name = btrim(name) and length(name) between 1 and 100),
  prefix text not null unique check (prefix ~ '^ia_(live|test)_[0-9A-Za-z]{10}$'),
  scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ private.all_permissions()),
  -- Networks that the key may be used from; null is anywhere.
  allowed_ips inet[] check (cardinality(allowed_ips) between 1 and 50 and array_position(allowed_ips, null) is null),
  -- Requests a minute, where lower than the deployment's; null is the deployment's.
  rate_limit integer check (rate_limit between 1 and 100000),
  -- The key that this one took over from. Unique: a key gets at most one successor, whoever races.
  replaces bigint unique references public.api_keys (id) on delete set null,
  created_at timestamptz not null default now(),
  -- Unindexed on purpose, so that noting a use stays a heap-only update.
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
) with (fillfactor = 80);

create index api_keys_organization_id_idx on public.api_keys (organization_id);
create index api_keys_created_by_idx on public.api_keys (created_by);

-- One hash for each pepper that is live somewhere: while a new pepper is rolled out, functions that know only the
-- old one and functions that know both serve side by side (docs/api-keys.md).
create table private.api_key_hashes (
  api_key_id bigint not null references public.api_keys (id) on delete cascade,
  pepper_version smallint not null,
  hash bytea not null check (length(hash) = 32),
  primary key (api_key_id, pepper_version)
);

-- Why a key is no credential any more, or null while it is one.
create function private.api_key_fault(p_key public.api_keys) returns text
  language sql stable
  set search_path = ''
as $$
  select case
    when p_key.id is null then 'api_key_invalid'
    when p_key.revoked_at is not null then 'api_key_revoked'
    when p_key.expires_at <= now() then 'api_key_expired'
    when coalesce(p_key.last_used_at, p_key.created_at) <= now() - interval '180 days' then 'api_key_disabled'
  end
$$;

-- The key as a principal: its creator's role now, cut down to its scopes.
create function private.resolve_api_key(p_api_key_id bigint) returns private.principal
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal;
  key public.api_keys;
begin
  select k.* into key from public.api_keys k where k.id = p_api_key_id;
  who.fault := private.api_key_fault(key);
  if who.fault is not null then
    return who;
  end if;

  select p.id, p.auth_user_id, p.email, p.full_name, p.created_at, m.organization_id, o.name, m.role
  into who.profile_id, who.user_id, who.email, who.full_name, who.profile_created_at,
    who.organization_id, who.organization_name, who.role
  from public.profiles p
  join public.memberships m on m.profile_id = p.id and m.organization_id = key.organization_id
  join public.organizations o on o.id = m.organization_id
  where p.id = key.created_by;
  if not found or not private.is_user_alive(who.user_id) then
    who.fault := 'api_key_revoked';
    return who;
  end if;

  who.api_key_id := key.id;
  who.api_key_name := key.name;
  who.api_key_prefix := key.prefix;
  who.expires_at := key.expires_at;
  who.permissions := array(
    select granted from unnest(private.role_permissions(who.role)) granted where granted = any (key.scopes)
  );
  return who;
end
$$;

alter table public.api_keys enable row level security;
revoke all on public.api_keys from anon, authenticated, service_role;
grant select on public.api_keys to authenticated;
grant insert (organization_id, created_by, name, prefix, scopes, allowed_ips, rate_limit, expires_at)
  on public.api_keys to authenticated;
grant update (name, scopes, allowed_ips, rate_limit, revoked_at) on public.api_keys to authenticated;

create policy "members can read the keys they answer for" on public.api_keys
  for select to authenticated
  using (
    organization_id = (select private.organization_id())
    and (select private.has_permission('api_keys:read'))
    and ((select private.has_role('owner', 'admin')) or created_by = (select private.profile_id()))
  );

create policy "key writers can see the keys they change" on public.api_keys
  for select to authenticated
  using (
    organization_id = (select private.organization_id())
    and (select private.may_see_to_write('api_keys:write'))
    and ((select private.has_role('owner', 'admin')) or created_by = (select private.profile_id()))
  );

-- The latest moment a key made by this credential may live to: a key's own end, else 366 days; null is for ever,
-- which only owners may give.
create function private.latest_key_expiry() returns timestamptz
  language sql stable security definer
  set search_path = ''
as $$
  select case
    when who.expires_at is not null then who.expires_at
    when who.role = 'owner' then null
    else now() + interval '366 days'
  end
  from private.current_principal() who
$$;

create policy "members can make keys no stronger than themselves" on public.api_keys
  for insert to authenticated
  with check (
    organization_id = (select private.organization_id())
    and created_by = (select private.profile_id())
    and (select private.has_permission('api_keys:write'))
    and scopes <@ (select private.permissions())
    and (
      expires_at <= least((select private.latest_key_expiry()), now() + interval '366 days')
      or (expires_at is null and (select private.latest_key_expiry()) is null)
    )
  );

create policy "members can change the keys they answer for" on public.api_keys
  for update to authenticated
  using (
    organization_id = (select private.organization_id())
    and (select private.has_permission('api_keys:write'))
    and ((select private.has_role('owner', 'admin')) or created_by = (select private.profile_id()))
  )
  with check (
    organization_id = (select private.organization_id())
    and (select private.has_permission('api_keys:write'))
  );

revoke execute on function
  private.api_key_fault(public.api_keys),
  private.resolve_api_key(bigint),
  private.latest_key_expiry()
from public;
grant execute on function private.api_key_fault(public.api_keys), private.latest_key_expiry() to authenticated;
