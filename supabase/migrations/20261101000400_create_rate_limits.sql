-- Counting: addresses as limits and allow-lists see them, fixed windows for requests, a sliding one for sign-ins.

-- Text as `inet`, or null where it is no address.
create function private.as_address(p_text text) returns inet
  language plpgsql immutable
  set search_path = ''
as $$
begin
  return nullif(btrim(p_text), '')::inet;
exception when invalid_text_representation then
  return null;
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

-- The bucket of an address: a v6 network of 64 bits is one client, who can take on any address in it.
create function private.address_bucket(p_address inet) returns text
  language sql immutable
  set search_path = ''
as $$
  select case
    when family(plain) = 6 then network(set_masklen(plain, 64))::text
    else host(plain)
  end
  from private.plain_network(p_address) plain
$$;

-- Fixed windows. Unlogged: losing them in a crash only forgets a minute's counting.
create unlogged table private.rate_windows (
  bucket text primary key,
  window_start timestamptz not null,
  used integer not null
) with (fillfactor = 50);

-- Takes one from a bucket. `used` never passes the limit plus one, and the row's lock orders racing takers,
-- so that no more than the limit are ever allowed in one window.
create function private.take_from_bucket(p_bucket text, p_limit integer, p_seconds integer)
  returns table (allowed boolean, remaining integer, reset_seconds integer)
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  starts timestamptz := date_bin(make_interval(secs => p_seconds), clock_timestamp(), 'epoch'::timestamptz);
  bucket_row private.rate_windows;
begin
  insert into private.rate_windows as w (bucket, window_start, used)
  values (p_bucket, starts, 1)
  on conflict (bucket) do update set
    used = case when excluded.window_start > w.window_start then 1 else least(w.used, p_limit) + 1 end,
    window_start = greatest(w.window_start, excluded.window_start)
  returning * into bucket_row;

  -- Old buckets leave a few at a time, paid for by one taker in a thousand.
  if random() < 0.001 then
    delete from private.rate_windows where bucket in (
      select bucket from private.rate_windows
      where window_start < now() - interval '1 day' limit 100 for update skip locked
    );
  end if;

  return query select
    bucket_row.used <= p_limit,
    greatest(p_limit - bucket_row.used, 0),
    greatest(ceil(extract(epoch from
      bucket_row.window_start + make_interval(secs => p_seconds) - clock_timestamp()))::integer, 1);
end
$$;

-- As take_from_bucket, but a limiter that fails stops no good credential: no row then.
create function private.try_take_from_bucket(p_bucket text, p_limit integer, p_seconds integer)
  returns table (allowed boolean, remaining integer, reset_seconds integer)
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  return query select * from private.take_from_bucket(p_bucket, p_limit, p_seconds);
exception when others then
  raise warning 'the rate limiter failed: % (%)', sqlerrm, sqlstate;
end
$$;

-- Limits on failed sign-ins. An attempt is reserved before it is made and given back when it succeeds, so that no
-- number of attempts at once gets past the limit. A true sliding window: in no 15 minutes are there more.
create unlogged table private.sign_in_attempts (
  -- `email:<keyed hash>` or `address:<address>`; no email address stands here.
  bucket text primary key,
  -- Failed, or still under way; oldest first.
  attempts timestamptz[] not null
);

-- The attempts of a bucket that still count; holds the bucket's row until the transaction ends.
create function private.lock_attempts(p_bucket text, p_window interval) returns timestamptz[]
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.sign_in_attempts as kept (bucket, attempts) values (p_bucket, '{}')
  on conflict (bucket) do update set attempts = array(
    select attempt from unnest(kept.attempts) attempt where attempt > clock_timestamp() - p_window order by attempt
  )
  returning attempts
$$;

-- Reserves an attempt to sign in, by email and by address (null: unknown, not limited).
-- @returns {reservation} to give back on success (its moment in microseconds), or {retry_after_seconds}
create function public.reserve_sign_in(
  p_email_hash text,
  p_email_limit integer,
  p_address_limit integer,
  p_window_seconds integer,
  p_address inet default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  span interval := make_interval(secs => p_window_seconds);
  email_bucket text := 'email:' || p_email_hash;
  address_bucket text := 'address:' || private.address_bucket(p_address);
  -- Always the email's row first, so that no two attempts wait for each other.
  by_email timestamptz[] := private.lock_attempts(email_bucket, span);
  by_address timestamptz[] := case when address_bucket is null then '{}' else private.lock_attempts(address_bucket, span) end;
  free_at timestamptz;
  reservation timestamptz := clock_timestamp();
begin
  if cardinality(by_email) >= p_email_limit then
    free_at := by_email[cardinality(by_email) - p_email_limit + 1];
  end if;
  if cardinality(by_address) >= p_address_limit then
    free_at := greatest(free_at, by_address[cardinality(by_address) - p_address_limit + 1]);
  end if;
  if cardinality(by_email) >= p_email_limit or cardinality(by_address) >= p_address_limit then
    return jsonb_build_object('retry_after_seconds', greatest(
      ceil(extract(epoch from coalesce(free_at, reservation) + span - reservation))::integer, 1
    ));
  end if;

  update private.sign_in_attempts set attempts = attempts || reservation where bucket = email_bucket;
  update private.sign_in_attempts set attempts = attempts || reservation where bucket = address_bucket;
  -- Old buckets leave a few at a time, paid for by one attempt in a hundred.
  if random() < 0.01 then
    delete from private.sign_in_attempts where bucket in (
      select bucket from private.sign_in_attempts
      where coalesce(attempts[cardinality(attempts)], '-infinity') < now() - interval '1 day'
        and bucket not in (email_bucket, coalesce(address_bucket, email_bucket))
      limit 100 for update skip locked
    );
  end if;
  return jsonb_build_object('reservation', (extract(epoch from reservation) * 1000000)::bigint);
end
$$;

-- Gives back an attempt that did not fail.
create function public.release_sign_in(p_email_hash text, p_reservation bigint, p_address inet default null)
  returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  reservation timestamptz := timestamptz 'epoch' + p_reservation * interval '1 microsecond';
begin
  update private.sign_in_attempts set attempts = array_remove(attempts, reservation)
  where bucket = 'email:' || p_email_hash;
  update private.sign_in_attempts set attempts = array_remove(attempts, reservation)
  where bucket = 'address:' || private.address_bucket(p_address);
end
$$;

grant execute on function
  public.reserve_sign_in(text, integer, integer, integer, inet),
  public.release_sign_in(text, bigint, inet)
to service_role;
