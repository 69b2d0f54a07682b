-- API keys: the row that people see. The secret's hash lives in private.api_key_hashes.
create table public.api_keys (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  created_by bigint references public.profiles (id) on delete set null,
  name text not null check (name = btrim(name) and length(name) between 1 and 100),
  prefix text not null unique check (prefix ~ '^ia_(live|test)_[0-9A-Za-z]{10}$'),
  scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ private.all_permissions()),
  allowed_ips inet[] check (cardinality(allowed_ips) <= 50),
  created_at timestamptz not null default now(),
  -- Unindexed on purpose, so that noting a use stays a heap-only update.
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
) with (fillfactor = 80);

create index api_keys_organization_id_idx on public.api_keys (organization_id);
create index api_keys_created_by_idx on public.api_keys (created_by);

create table private.api_key_hashes (
  api_key_id bigint primary key references public.api_keys (id) on delete cascade,
  hash bytea not null check (length(hash) = 32),
  pepper_version smallint not null
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
grant insert (organization_id, created_by, name, prefix, scopes, allowed_ips, expires_at)
  on public.api_keys to authenticated;
grant update (revoked_at) on public.api_keys to authenticated;

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

-- The latest moment a key made by this credential may live to: a key's own end, else 366 days; null is for ever.
create function private.latest_key_expiry() returns timestamptz
  language sql stable security definer
  set search_path = ''
as $$
  select case
    when who.api_key_id is not null then who.expires_at
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

create policy "members can revoke the keys they answer for" on public.api_keys
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

-- Only the maker, in the moment of making, gives a key its hash.
create function private.store_api_key_hash(p_api_key_id bigint, p_hash bytea, p_pepper_version smallint) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.api_key_hashes (api_key_id, hash, pepper_version)
  select k.id, p_hash, p_pepper_version from public.api_keys k
  where k.id = p_api_key_id and k.created_by = private.profile_id()
$$;

revoke execute on function
  private.default_key_scopes(),
  private.store_api_key_hash(bigint, bytea, smallint)
from public;
grant execute on function
  private.default_key_scopes(),
  private.store_api_key_hash(bigint, bytea, smallint)
to authenticated;

-- Dead is dead: a revoked key never changes again, and the moment is the database's.
create function private.guard_api_key() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if old.revoked_at is not null then
    raise sqlstate 'PT409' using message = 'This key is revoked; it can''t change any more.';
  end if;
  if new.revoked_at is not null then
    new.revoked_at := now();
  end if;
  return new;
end
$$;

create trigger guard_api_key
  before update on public.api_keys
  for each row execute function private.guard_api_key();

create function private.audit_api_key() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform private.audit(
      new.organization_id, 'api_key.created', 'api_key', new.id::text,
      jsonb_build_object('name', new.name, 'prefix', new.prefix, 'scopes', new.scopes, 'expires_at', new.expires_at)
    );
  elsif old.revoked_at is null and new.revoked_at is not null then
    perform private.audit(
      new.organization_id, 'api_key.revoked', 'api_key', new.id::text,
      jsonb_build_object('name', new.name, 'prefix', new.prefix)
    );
  end if;
  return null;
end
$$;

create trigger audit_api_key
  after insert or update of revoked_at on public.api_keys
  for each row execute function private.audit_api_key();

revoke execute on function
  private.api_key_fault(public.api_keys),
  private.resolve_api_key(bigint),
  private.latest_key_expiry(),
  private.guard_api_key(),
  private.audit_api_key()
from public;
grant execute on function private.latest_key_expiry() to authenticated;

-- A key's status, for people.
create function private.api_key_status(p_key public.api_keys) returns text
  language sql stable
  set search_path = ''
as $$
  select case
    when p_key.revoked_at is not null then 'revoked'
    when p_key.expires_at <= now() then 'expired'
    when p_key.expires_at <= now() + interval '14 days' then 'expiring'
    else 'active'
  end
$$;

-- Who made something the caller may see, also where the caller may not list the team.
create function private.person(p_profile_id bigint) returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select jsonb_build_object('id', p.id, 'email', p.email) from public.profiles p where p.id = p_profile_id
$$;

revoke execute on function private.api_key_status(public.api_keys), private.person(bigint) from public;
grant execute on function private.api_key_status(public.api_keys), private.person(bigint) to authenticated;

-- What the API shows of a key: its maker by name and its status, never its hash.
create view public.api_key_overview with (security_invoker = true) as
select
  k.id,
  k.name,
  k.prefix,
  k.scopes,
  k.allowed_ips,
  private.person(k.created_by) as created_by,
  k.created_at,
  k.last_used_at,
  k.expires_at,
  k.revoked_at,
  private.api_key_status(k) as status
from public.api_keys k;

revoke all on public.api_key_overview from anon, authenticated, service_role;
grant select on public.api_key_overview to authenticated;

-- Makes a key whose secret the function has drawn and hashed. Row-level security judges the insert; what this
-- function adds are the defaults and a refusal that names the missing permission.
create function public.create_api_key(
  p_name text,
  p_prefix text,
  p_hash text,
  p_pepper_version smallint,
  p_scopes text[] default null,
  p_expires_at timestamptz default null,
  p_never_expires boolean default false,
  p_allowed_ips inet[] default null
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
  if not p_never_expires then
    v_expires_at := coalesce(p_expires_at, least(now() + interval '90 days', private.latest_key_expiry()));
  end if;

  insert into public.api_keys (organization_id, created_by, name, prefix, scopes, allowed_ips, expires_at)
  values (
    private.organization_id(), private.profile_id(), p_name, p_prefix, v_scopes, p_allowed_ips, v_expires_at
  )
  returning id into v_id;
  perform private.store_api_key_hash(v_id, decode(p_hash, 'hex'), p_pepper_version);

  return query select * from public.api_key_overview where id = v_id;
end
$$;

-- Revokes a key; doing so twice is no error and no second event.
create function public.revoke_api_key(p_id bigint) returns boolean
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  update public.api_keys set revoked_at = now() where id = p_id and revoked_at is null;
  return found or exists (select from public.api_keys where id = p_id);
end
$$;

revoke execute on function
  public.create_api_key(text, text, text, smallint, text[], timestamptz, boolean, inet[]),
  public.revoke_api_key(bigint)
from public, anon, authenticated, service_role;
grant execute on function
  public.create_api_key(text, text, text, smallint, text[], timestamptz, boolean, inet[]),
  public.revoke_api_key(bigint)
to authenticated;
