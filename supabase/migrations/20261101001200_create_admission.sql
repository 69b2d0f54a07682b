-- Admission: one call that says whether a credential is alive, who it is and whether its limit has room.
-- Only the functions call it, with the service key.

-- Takes a request from a credential's limit and then, for a key, from that of all its maker's keys together. What is
-- told is the key's, as far as the other leaves it room; where the other is used up, that one. No row when the
-- limiter fails.
create function private.take_request(
  p_who private.principal, p_bucket text, p_rate_limit integer, p_own_limit integer
) returns table (allowed boolean, of_limit integer, remaining integer, reset_seconds integer)
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  own_limit integer := least(p_rate_limit, p_own_limit);
  all_limit integer := least(p_rate_limit::bigint * private.limit_of('api_key_limits_per_person'), 1000000000);
  own record;
  together record;
begin
  select * into own from private.try_take_from_bucket(p_bucket, own_limit, 60);
  if not found then
    return;
  end if;
  if not own.allowed or p_who.api_key_id is null or all_limit is null then
    return query select own.allowed, own_limit, own.remaining, own.reset_seconds;
    return;
  end if;

  select * into together from private.try_take_from_bucket(
    format('keys:%s:%s', p_who.organization_id, p_who.profile_id), all_limit, 60
  );
  if together.allowed is false then
    return query select false, all_limit, 0, together.reset_seconds;
  else
    return query select true, own_limit, least(own.remaining, together.remaining), own.reset_seconds;
  end if;
end
$$;

-- Settles what an isolate held of requests taken ahead, and hands out more, from both limits alike. While it lasts, reads
-- that show rows need no admission of their own: `seconds` is how long, at most until the window ends, ten seconds are
-- over or the key's use is to be noted again. Null where the limiter fails.
-- @param p_lease `{wanted, window, spent, unspent}`, of which the last three tell of what was handed out before
create function private.lease_requests(
  p_who private.principal, p_bucket text, p_rate_limit integer, p_own_limit integer, p_lease jsonb, p_until timestamptz
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  own_limit integer := least(p_rate_limit, p_own_limit);
  all_limit integer := least(p_rate_limit::bigint * private.limit_of('api_key_limits_per_person'), 1000000000);
  all_bucket text := format('keys:%s:%s', p_who.organization_id, p_who.profile_id);
  old_window timestamptz := (p_lease ->> 'window')::timestamptz;
  spent integer := coalesce((p_lease ->> 'spent')::integer, 0);
  unspent integer := coalesce((p_lease ->> 'unspent')::integer, 0);
  until timestamptz := least(clock_timestamp() + interval '10 seconds', p_until);
  own record;
  together record;
begin
  if own_limit is null then
    return jsonb_build_object('seconds', extract(epoch from until - clock_timestamp()));
  end if;
  perform private.settle_ahead(p_bucket, own_limit, old_window, spent, unspent);
  select * into own from private.take_ahead(p_bucket, own_limit, (p_lease ->> 'wanted')::integer);
  if p_who.api_key_id is not null and all_limit is not null then
    perform private.settle_ahead(all_bucket, all_limit, old_window, spent, unspent);
    select * into together from private.take_ahead(all_bucket, all_limit, own.granted);
    perform private.settle_ahead(p_bucket, own_limit, own.window_start, 0, own.granted - together.granted);
    own.granted := together.granted;
  end if;
  until := least(until, own.window_start + interval '60 seconds');
  return jsonb_build_object(
    'window', own.window_start, 'granted', own.granted, 'seconds', extract(epoch from until - clock_timestamp())
  );
exception when others then
  raise warning 'the rate limiter failed: % (%)', sqlerrm, sqlstate;
  return null;
end
$$;

-- The answer of admission: the principal, and the state of its rate limit (null where none was asked for, or none
-- could be had).
-- @param p_rate_limit the deployment's; p_own_limit a key's own, which can only lower it
-- @param p_lease asks for requests ahead; p_until when an admission must be asked for again at the latest
create function private.admission(
  p_who private.principal,
  p_bucket text,
  p_rate_limit integer,
  p_own_limit integer default null,
  p_lease jsonb default null,
  p_until timestamptz default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  is_allowed boolean;
  rate jsonb;
begin
  if p_who.fault is not null then
    return jsonb_build_object('fault', p_who.fault);
  end if;
  if p_rate_limit is not null then
    select taken.allowed, jsonb_build_object(
      'limit', taken.of_limit, 'remaining', taken.remaining, 'reset_seconds', taken.reset_seconds
    )
    into is_allowed, rate
    from private.take_request(p_who, p_bucket, p_rate_limit, p_own_limit) taken;
  end if;
  return jsonb_build_object(
    'fault', case when not is_allowed then 'rate_limited' end, 'principal', to_jsonb(p_who), 'rate', rate,
    'lease', case when p_lease is not null and is_allowed is not false and (is_allowed or p_rate_limit is null) then
      private.lease_requests(p_who, p_bucket, p_rate_limit, p_own_limit, p_lease, p_until)
    end
  );
end
$$;

-- Admits the bearer of a verified access token. Without a limit the look counts for nothing. `p_accept_aal1` is for the
-- calls that lead to the second factor, or out of the session.
create function public.admit_session(
  p_user_id uuid,
  p_issued_at timestamptz,
  p_session_id uuid default null,
  p_rate_limit integer default null,
  p_aal text default 'aal1',
  p_accept_aal1 boolean default false,
  p_lease jsonb default null
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
  return private.admission(who, 'user:' || p_user_id, p_rate_limit, p_lease => p_lease);
end
$$;

-- Compares two hashes so that the time taken tells nothing: both are blinded by a fresh random value first.
create function private.is_same_hash(p_one bytea, p_other bytea) returns boolean
  language plpgsql volatile
  set search_path = ''
as $$
declare
  blind bytea := convert_to(gen_random_uuid()::text, 'UTF8');
begin
  return sha256(blind || p_one) = sha256(blind || p_other);
end
$$;

-- Refuses a key that is wrong, or used from a place where it may not be: that counts against the address.
create function private.refuse_api_key(p_fault text, p_address inet, p_failure_limit integer) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  failures record;
begin
  if p_failure_limit is not null and p_address is not null then
    select * into failures
    from private.try_take_from_bucket('failed-key:' || private.address_bucket(p_address), p_failure_limit, 60);
    if not failures.allowed then
      return jsonb_build_object(
        'fault', 'rate_limited',
        'rate', jsonb_build_object('limit', p_failure_limit, 'remaining', 0, 'reset_seconds', failures.reset_seconds)
      );
    end if;
  end if;
  return jsonb_build_object('fault', p_fault);
end
$$;

-- True when one of the stored hashes of a key is among those given (pepper version → hex).
create function private.has_hash(p_api_key_id bigint, p_hashes jsonb) returns boolean
  language sql volatile security definer
  set search_path = ''
as $$
  select coalesce(
    bool_or(private.is_same_hash(h.hash, decode(p_hashes ->> h.pepper_version::text, 'hex'))), false
  )
  from private.api_key_hashes h where h.api_key_id = p_api_key_id
$$;

-- After a key was used with the peppers that the caller knows: its newest hash is there for the next time, and those
-- older than every pepper still in use are not.
create function private.renew_api_key_hash(p_api_key_id bigint, p_hashes jsonb) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  newest smallint;
  oldest smallint;
begin
  select max(version::smallint), min(version::smallint) into newest, oldest from jsonb_object_keys(p_hashes) version;
  if not exists (
    select from private.api_key_hashes h where h.api_key_id = p_api_key_id and h.pepper_version = newest
  ) then
    insert into private.api_key_hashes (api_key_id, pepper_version, hash)
    values (p_api_key_id, newest, decode(p_hashes ->> newest::text, 'hex'))
    on conflict do nothing;
  end if;
  if exists (
    select from private.api_key_hashes h where h.api_key_id = p_api_key_id and h.pepper_version < oldest
  ) then
    delete from private.api_key_hashes h where h.api_key_id = p_api_key_id and h.pepper_version < oldest;
  end if;
end
$$;

-- Admits the bearer of an API key. `p_hashes` maps each live pepper version to the key's HMAC in hex.
-- A wrong key counts against its address; a right one from there still passes.
create function public.admit_api_key(
  p_prefix text,
  p_hashes jsonb,
  p_address inet default null,
  p_rate_limit integer default null,
  p_failure_limit integer default null,
  p_lease jsonb default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  key public.api_keys;
  noted_at timestamptz;
  who private.principal;
begin
  select k.* into key from public.api_keys k where k.prefix = p_prefix;
  if not private.has_hash(key.id, p_hashes) then
    return private.refuse_api_key('api_key_invalid', p_address, p_failure_limit);
  end if;
  if key.allowed_ips is not null and not coalesce(private.is_within(p_address, key.allowed_ips), false) then
    return private.refuse_api_key('address_not_allowed', p_address, p_failure_limit);
  end if;

  who := private.resolve_api_key(key.id);
  if who.fault is null then
    perform private.renew_api_key_hash(key.id, p_hashes);
    -- At most one write a minute and key; a row somebody else is noting is left to them.
    noted_at := key.last_used_at;
    if noted_at is null or noted_at < now() - interval '60 seconds' then
      noted_at := now();
      update public.api_keys set last_used_at = now() where id = (
        select k.id from public.api_keys k
        where k.id = key.id and (k.last_used_at is null or k.last_used_at < now() - interval '60 seconds')
        for update skip locked
      );
      if found then
        perform private.note_api_key_use(key, p_address);
      end if;
    end if;
  end if;
  return private.admission(who, 'key:' || key.id, p_rate_limit, key.rate_limit, p_lease, noted_at + interval '60 seconds');
end
$$;

grant execute on function
  public.admit_session(uuid, timestamptz, uuid, integer, text, boolean, jsonb),
  public.admit_api_key(text, jsonb, inet, integer, integer, jsonb)
to service_role;
