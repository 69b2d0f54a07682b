-- Limits on sign-ins that failed, and on registering. An attempt is reserved before it is made and given back when it
-- succeeds, so that no number of attempts at once gets past a limit. A true sliding window: in no 15 minutes are there
-- more.
create unlogged table private.sign_in_attempts (
  -- `email:<keyed hash>`, `place:<keyed hash>:<network>` or `network:<network>`; no email address stands here.
  bucket text primary key,
  -- Failed, or still under way; oldest first.
  attempts timestamptz[] not null
);

-- Networks from which somebody signed in with an email: what strangers try elsewhere does not shut these out.
create table private.sign_in_places (
  email_hash text not null,
  network text not null,
  seen_at timestamptz not null default now(),
  primary key (email_hash, network)
);

create index sign_in_places_seen_at_idx on private.sign_in_places (seen_at);

create function private.is_known_place(p_email_hash text, p_network text) returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select exists (
    select from private.sign_in_places k
    where k.email_hash = p_email_hash and k.network = p_network and k.seen_at > now() - interval '90 days'
  )
$$;

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

-- The buckets that an attempt counts in, with their limits, in the order in which all attempts lock them. From a known
-- place the email's own bucket is left out: there is nothing that strangers could fill.
create function private.sign_in_buckets(
  p_email_hash text, p_address inet, p_place_limit integer, p_email_limit integer, p_network_limit integer
) returns table (bucket text, most integer)
  language sql stable security definer
  set search_path = ''
as $$
  select b.bucket, b.most
  from (select coalesce(private.address_bucket(p_address), 'unknown') as network) here,
    lateral (values
      (1, 'email:' || p_email_hash, p_email_limit, not private.is_known_place(p_email_hash, here.network)),
      (2, 'place:' || p_email_hash || ':' || here.network, p_place_limit, true),
      (3, 'network:' || here.network, p_network_limit, here.network <> 'unknown')
    ) b (place, bucket, most, counts)
  where b.counts
  order by b.place
$$;

-- Reserves an attempt to sign in: `p_place_limit` for the email from this network, `p_email_limit` for the email from
-- everywhere that is not known for it, `p_network_limit` for the network over all emails (unknown: no limit).
-- @returns {reservation} to give back on success (its moment in microseconds), or {retry_after_seconds}
create function public.reserve_sign_in(
  p_email_hash text,
  p_place_limit integer,
  p_email_limit integer,
  p_network_limit integer,
  p_window_seconds integer,
  p_address inet default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  span interval := make_interval(secs => p_window_seconds);
  counted record;
  past timestamptz[];
  buckets text[] := array[]::text[];
  free_at timestamptz;
  is_full boolean := false;
  reservation timestamptz;
begin
  for counted in
    select * from private.sign_in_buckets(p_email_hash, p_address, p_place_limit, p_email_limit, p_network_limit)
  loop
    past := private.lock_attempts(counted.bucket, span);
    buckets := buckets || counted.bucket;
    if cardinality(past) >= counted.most then
      is_full := true;
      free_at := greatest(free_at, past[cardinality(past) - counted.most + 1]);
    end if;
  end loop;
  reservation := clock_timestamp();
  if is_full then
    return jsonb_build_object('retry_after_seconds', greatest(
      ceil(extract(epoch from coalesce(free_at, reservation) + span - reservation))::integer, 1
    ));
  end if;

  update private.sign_in_attempts set attempts = attempts || reservation where bucket = any (buckets);
  -- Old rows leave a few at a time, paid for by one attempt in a hundred.
  if random() < 0.01 then
    delete from private.sign_in_attempts where bucket in (
      select bucket from private.sign_in_attempts
      where coalesce(attempts[cardinality(attempts)], '-infinity') < now() - interval '1 day'
        and not bucket = any (buckets)
      limit 100 for update skip locked
    );
    delete from private.sign_in_places where (email_hash, network) in (
      select email_hash, network from private.sign_in_places
      where seen_at < now() - interval '90 days' limit 100 for update skip locked
    );
  end if;
  return jsonb_build_object('reservation', (extract(epoch from reservation) * 1000000)::bigint);
end
$$;

-- Gives back an attempt that did not fail. One that succeeded makes its network a known place of the email, of which
-- the 20 newest are kept: the sum of all that may be tried has an end.
create function public.release_sign_in(
  p_email_hash text, p_reservation bigint, p_address inet default null, p_succeeded boolean default false
) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  reservation timestamptz := timestamptz 'epoch' + p_reservation * interval '1 microsecond';
  known_places constant integer := 20;
begin
  update private.sign_in_attempts set attempts = array_remove(attempts, reservation)
  where bucket = 'email:' || p_email_hash;
  update private.sign_in_attempts set attempts = array_remove(attempts, reservation)
  where bucket = 'place:' || p_email_hash || ':' || coalesce(private.address_bucket(p_address), 'unknown');
  update private.sign_in_attempts set attempts = array_remove(attempts, reservation)
  where bucket = 'network:' || private.address_bucket(p_address);
  if p_succeeded and p_address is not null then
    insert into private.sign_in_places (email_hash, network)
    values (p_email_hash, private.address_bucket(p_address))
    on conflict (email_hash, network) do update set seen_at = now();
    delete from private.sign_in_places k where k.email_hash = p_email_hash and k.network in (
      select old.network from private.sign_in_places old
      where old.email_hash = p_email_hash order by old.seen_at desc offset known_places
    );
  end if;
end
$$;

-- Lets somebody register, unless too many did from their network in this hour; unknown addresses share one bucket.
-- @returns null, or the seconds to wait
create function public.reserve_registration(p_limit integer, p_address inet default null) returns integer
  language sql volatile security definer
  set search_path = ''
as $$
  select case when not taken.allowed then taken.reset_seconds end
  from private.take_from_bucket(
    'register:' || coalesce(private.address_bucket(p_address), 'unknown'), p_limit, 3600
  ) taken
$$;

grant execute on function
  public.reserve_sign_in(text, integer, integer, integer, integer, inet),
  public.release_sign_in(text, bigint, inet, boolean),
  public.reserve_registration(integer, inet)
to service_role;
