-- What row-level security can't say about a change to a key: no change makes one stronger than whoever changes it.

-- The deployment's rule for key administration, written from the functions' environment. Here and not only there,
-- because a session's token works at the Data API too.
create table private.key_policy (
  only_row boolean primary key default true check (only_row),
  -- How long ago a session may have signed in to make, rotate or widen keys; null is any time.
  max_auth_age_seconds integer check (max_auth_age_seconds > 0)
);

create function public.set_key_policy(p_max_auth_age_seconds integer default null) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.key_policy as policy (max_auth_age_seconds) values (p_max_auth_age_seconds)
  on conflict (only_row) do update set max_auth_age_seconds = excluded.max_auth_age_seconds
  where policy.max_auth_age_seconds is distinct from excluded.max_auth_age_seconds
$$;

-- When the bearer of the current access token last proved who they are: the newest `amr` time, null when none is told.
create function private.authenticated_at() returns timestamptz
  language sql stable
  set search_path = ''
as $$
  select to_timestamp(max((method ->> 'timestamp')::double precision))
  from jsonb_array_elements(
    case when jsonb_typeof(auth.jwt() -> 'amr') = 'array' then auth.jwt() -> 'amr' else '[]' end
  ) method
  where jsonb_typeof(method) = 'object' and jsonb_typeof(method -> 'timestamp') = 'number'
$$;

-- Raises when the deployment asks sessions for a recent sign-in and this one is older, or doesn't say.
create function private.require_recent_sign_in() returns void
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  max_age interval := (select make_interval(secs => p.max_auth_age_seconds) from private.key_policy p);
begin
  if max_age is not null and private.is_session()
    and coalesce(private.authenticated_at() < now() - max_age, true) then
    raise insufficient_privilege using
      message = 'a recent sign-in is needed to administer keys', hint = 'reauthentication';
  end if;
end
$$;

-- An IPv4-mapped v6 address as v4, and host bits cut off: what allow-lists compare.
create function private.plain_network(p_network inet) returns inet
  language sql immutable
  set search_path = ''
as $$
  select case
    when p_network is null then null
    when family(p_network) = 6 and masklen(p_network) >= 96 and p_network <<= inet '::ffff:0:0/96' then
      network(set_masklen(
        inet '0.0.0.0' + (set_masklen(p_network, 128) - inet '::ffff:0.0.0.0'), masklen(p_network) - 96
      ))::inet
    else network(p_network)::inet
  end
$$;

create function private.is_within(p_network inet, p_networks inet[]) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select coalesce(bool_or(private.plain_network(p_network) <<= allowed), false) from unnest(p_networks) allowed
$$;

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

-- Dead is dead: a revoked key never changes again, and the moment is the database's. Whoever widens a key can do
-- all that it can; a key changes none that is wider or lives longer than itself, though it may revoke it.
create function private.guard_api_key() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  who private.principal := private.current_principal();
  is_wider boolean;
begin
  new.allowed_ips := (select array_agg(private.plain_network(given)) from unnest(new.allowed_ips) given);
  if tg_op = 'INSERT' then
    perform private.require_recent_sign_in();
    return new;
  end if;

  if old.revoked_at is not null then
    raise sqlstate 'PT422' using message = 'This key is revoked; it can''t change any more.';
  end if;
  if new.revoked_at is not null then
    new.revoked_at := now();
    return new;
  end if;
  if who.fault is not null then
    return new;
  end if;

  is_wider := private.is_wider_key(new, old);
  if is_wider or who.api_key_id is not null then
    perform private.require_permissions(new.scopes || case when who.api_key_id is not null then old.scopes end);
  end if;
  if who.expires_at is not null and coalesce(old.expires_at, 'infinity') > who.expires_at then
    raise sqlstate 'PT403' using message = 'A key can''t change one that lives longer than itself.';
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

revoke execute on function
  private.authenticated_at(),
  private.require_recent_sign_in(),
  private.plain_network(inet),
  private.is_within(inet, inet[]),
  private.is_wider_key(public.api_keys, public.api_keys),
  private.guard_api_key(),
  private.audit_api_key()
from public;
revoke execute on function public.set_key_policy(integer) from public, anon, authenticated, service_role;
-- The policy is the deployment's: only its functions, with the service key, may write it.
grant execute on function public.set_key_policy(integer) to service_role;
