-- API keys: the row that people see. The secret's hash lives in private.api_key_hashes.
create table public.api_keys (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  created_by bigint references public.profiles (id) on delete set null,
  name text not null check (name = btrim(name) and length(name) between 1 and private.limit_of('name_characters')),
  prefix text not null unique check (prefix ~ '^ia_(live|test)_[0-9A-Za-z]{10}$'),
  scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ private.all_permissions()),
  -- Networks that the key may be used from; null is anywhere.
  allowed_ips inet[] check (
    cardinality(allowed_ips) between 1 and private.limit_of('api_key_addresses')
    and array_position(allowed_ips, null) is null
  ),
  -- Requests a minute, where lower than the deployment's; null is the deployment's.
  rate_limit integer check (rate_limit between 1 and private.limit_of('api_key_requests_per_minute')),
  -- The key that this one took over from. Unique: a key gets at most one successor, even in a race.
  replaces bigint unique references public.api_keys (id) on delete set null,
  -- The trust policy that let a pipeline have it.
  trust_policy_id bigint references public.trust_policies (id) on delete set null,
  created_at timestamptz not null default now(),
  -- Unindexed on purpose, so that noting a use stays a heap-only update.
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
) with (fillfactor = 80);

create index api_keys_organization_id_idx on public.api_keys (organization_id);
create index api_keys_created_by_idx on public.api_keys (created_by);
create index api_keys_trust_policy_id_idx on public.api_keys (trust_policy_id);

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
    when coalesce(p_key.last_used_at, p_key.created_at) <= now() - private.lasting('api_key_unused_days') then 'api_key_disabled'
  end
$$;

-- The key as a principal: its creator's role now, cut down to its scopes. `p_judges_address` asks for the key's networks
-- too: where the address is not known, a key that has some is refused.
create function private.resolve_api_key(
  p_api_key_id bigint, p_judges_address boolean default false, p_address text default null
) returns private.principal
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal;
  key public.api_keys;
begin
  select k.* into key from public.api_keys k where k.id = p_api_key_id;
  who.fault := private.api_key_fault(key);
  if who.fault is null and p_judges_address and key.allowed_ips is not null
    and not private.is_within(private.as_address(p_address), key.allowed_ips) then
    who.fault := 'address_not_allowed';
  end if;
  if who.fault is not null then
    return who;
  end if;

  select p.id, p.auth_user_id, p.email, p.full_name, p.created_at, m.organization_id, o.name, m.role
  into who.profile_id, who.user_id, who.email, who.full_name, who.profile_created_at,
    who.organization_id, who.organization_name, who.role
  from private.living_people p
  join public.memberships m on m.profile_id = p.id and m.organization_id = key.organization_id
  join public.organizations o on o.id = m.organization_id
  where p.id = key.created_by;
  if not found then
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

insert into private.addressable_tables (name) values ('api_keys');

alter table public.api_keys enable row level security;
grant select on public.api_keys to authenticated;
grant insert (organization_id, created_by, name, prefix, scopes, allowed_ips, rate_limit, expires_at)
  on public.api_keys to authenticated;
grant update (name, scopes, allowed_ips, rate_limit, revoked_at) on public.api_keys to authenticated;

create policy "members can read the keys they answer for" on public.api_keys
  for select to authenticated
  using (
    organization_id = (select private.organization_where('api_keys:read', or_writing => 'api_keys:write'))
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
    else now() + private.lasting('api_key_days')
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
      expires_at <= least((select private.latest_key_expiry()), now() + private.lasting('api_key_days'))
      or (expires_at is null and (select private.latest_key_expiry()) is null)
    )
  );

create policy "members can change the keys they answer for" on public.api_keys
  for update to authenticated
  using (
    organization_id = (select private.organization_where('api_keys:write'))
    and ((select private.has_role('owner', 'admin')) or created_by = (select private.profile_id()))
  )
  with check (organization_id = (select private.organization_where('api_keys:write')));

-- True when the new key may do something that the old one may not.
create function private.is_wider_key(p_new public.api_keys, p_old public.api_keys) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select not p_new.scopes <@ p_old.scopes
    or coalesce(p_new.rate_limit, 2147483647) > coalesce(p_old.rate_limit, 2147483647)
    or (p_old.allowed_ips is not null and (
      p_new.allowed_ips is null
      or exists (select from unnest(p_new.allowed_ips) given where not private.is_within(given, p_old.allowed_ips))
    ))
$$;

-- What row-level security can't say about a change to a key: no change makes one stronger than the credential that changes it.
-- Dead is dead: a revoked key never changes again, the moment is the database's, and revoking changes nothing else.
-- Only a credential that can do all that a key can may widen it. A key makes, changes and rotates none that may do more than itself, be it
-- by scopes, addresses, rate or life, though it may revoke it; what it makes has its own limits where none are given.
create function private.guard_api_key() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  who private.principal := private.current_principal();
  own public.api_keys;
  is_wider boolean;
begin
  new.allowed_ips := (select array_agg(private.plain_network(given)) from unnest(new.allowed_ips) given);
  select k.* into own from public.api_keys k where k.id = who.api_key_id;
  if tg_op = 'INSERT' then
    perform private.require_recent_sign_in();
    if own.id is not null then
      new.allowed_ips := coalesce(new.allowed_ips, own.allowed_ips);
      new.rate_limit := coalesce(new.rate_limit, own.rate_limit);
      if private.is_wider_key(new, own) then
        raise sqlstate 'PT403' using message = 'A key can''t make a key that may do more than itself.';
      end if;
    end if;
    return new;
  end if;

  if old.revoked_at is not null then
    raise sqlstate 'PT422' using message = 'This key is revoked and can''t be changed.';
  end if;
  if new.revoked_at is not null then
    new.revoked_at := now();
    new.name := old.name;
    new.scopes := old.scopes;
    new.allowed_ips := old.allowed_ips;
    new.rate_limit := old.rate_limit;
    return new;
  end if;
  if who.fault is not null then
    return new;
  end if;

  is_wider := private.is_wider_key(new, old);
  if is_wider or who.api_key_id is not null then
    perform private.require_permissions(new.scopes || case when who.api_key_id is not null then old.scopes end);
  end if;
  if own.id is not null and (private.is_wider_key(old, own) or private.is_wider_key(new, own)) then
    raise sqlstate 'PT403' using message = 'A key can''t change a key that may do more than itself.';
  end if;
  if who.expires_at is not null and coalesce(old.expires_at, 'infinity') > who.expires_at then
    raise sqlstate 'PT403' using message = 'A key can''t change a key that outlives it.';
  end if;
  if is_wider then
    perform private.require_recent_sign_in();
  end if;
  return new;
end
$$;

create trigger guard_api_key
  before insert or update of name, scopes, allowed_ips, rate_limit, expires_at, revoked_at on public.api_keys
  for each row execute function private.guard_api_key();

create function private.audit_api_key() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  facts jsonb := jsonb_build_object('name', new.name, 'prefix', new.prefix);
  before jsonb;
  after jsonb;
begin
  if tg_op = 'INSERT' then
    perform private.audit(
      new.organization_id, 'api_key.created', 'api_key', new.id::text,
      facts || jsonb_build_object('scopes', new.scopes, 'expires_at', new.expires_at)
    );
  elsif old.revoked_at is null and new.revoked_at is not null then
    perform private.audit(new.organization_id, 'api_key.revoked', 'api_key', new.id::text, facts);
  else
    before := jsonb_build_object(
      'name', old.name, 'scopes', old.scopes, 'allowed_ips', old.allowed_ips, 'rate_limit', old.rate_limit
    );
    after := jsonb_build_object(
      'name', new.name, 'scopes', new.scopes, 'allowed_ips', new.allowed_ips, 'rate_limit', new.rate_limit
    );
    if before <> after then
      perform private.audit(
        new.organization_id, 'api_key.changed', 'api_key', new.id::text,
        facts || jsonb_build_object('before', before, 'after', after)
      );
    end if;
  end if;
  return null;
end
$$;

create trigger audit_api_key
  after insert or update of name, scopes, allowed_ips, rate_limit, revoked_at on public.api_keys
  for each row execute function private.audit_api_key();

grant execute on function
  private.api_key_fault(public.api_keys),
  private.latest_key_expiry()
to authenticated;
