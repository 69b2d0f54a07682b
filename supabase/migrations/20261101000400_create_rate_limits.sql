-- Counting: addresses as limits and allow-lists see them, and fixed windows.

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

-- The bucket of an address: a v6 network of 48 bits is one client, who was given as much and can take on any address
-- in it.
create function private.address_bucket(p_address inet) returns text
  language sql immutable
  set search_path = ''
as $$
  select case
    when family(plain) = 6 then network(set_masklen(plain, 48))::text
    else host(plain)
  end
  from private.plain_network(p_address) plain
$$;

-- Fixed windows. Unlogged: losing them in a crash only forgets a minute's counting.
create unlogged table private.rate_windows (
  bucket text primary key,
  window_start timestamptz not null,
  used integer not null,
  -- Of `used`: taken ahead by isolates that have not said yet what became of it.
  ahead integer not null default 0
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
    ahead = case when excluded.window_start > w.window_start then 0 else w.ahead end,
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

-- Takes some ahead from a bucket's current window. Never more than a tenth of the limit is out at a time, whoever holds
-- it, so that nine tenths are always there for everybody.
create function private.take_ahead(p_bucket text, p_limit integer, p_wanted integer)
  returns table (granted integer, window_start timestamptz)
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  bucket_row private.rate_windows;
begin
  select w.* into bucket_row from private.rate_windows w
  where w.bucket = p_bucket
    and w.window_start = date_bin(interval '60 seconds', clock_timestamp(), 'epoch'::timestamptz)
  for update;
  window_start := bucket_row.window_start;
  granted := greatest(0, least(p_wanted, p_limit - bucket_row.used, p_limit / 10 - bucket_row.ahead));
  if granted > 0 then
    update private.rate_windows w set used = w.used + granted, ahead = w.ahead + granted where w.bucket = p_bucket;
  end if;
  return next;
end
$$;

-- What became of requests taken ahead: they were spent, or are given back. Of another window nothing is left to settle.
create function private.settle_ahead(
  p_bucket text, p_limit integer, p_window timestamptz, p_spent integer, p_unspent integer
) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  update private.rate_windows w set
    used = case when p_unspent > 0 then least(w.used, p_limit) - least(p_unspent, w.ahead) else w.used end,
    ahead = greatest(w.ahead - p_spent - p_unspent, 0)
  where w.bucket = p_bucket and w.window_start = p_window and p_spent + p_unspent > 0
$$;
