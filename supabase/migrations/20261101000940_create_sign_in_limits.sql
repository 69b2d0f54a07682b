-- Limits on failed sign-ins. An attempt is reserved before it is made and given back when it succeeds, so that no
-- number of attempts at once gets past the limit. A true sliding window: in no 15 minutes are there more.
create unlogged table private.sign_in_attempts (
  -- `email:<keyed hash>` or `address:<address>`; no e-mail address stands here.
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

-- Reserves an attempt to sign in, by e-mail and by address (null: unknown, not limited).
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
  -- Always the e-mail's row first, so that no two attempts wait for each other.
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

revoke execute on function private.lock_attempts(text, interval) from public;
revoke execute on function
  public.reserve_sign_in(text, integer, integer, integer, inet),
  public.release_sign_in(text, bigint, inet)
from public, anon, authenticated, service_role;
grant execute on function
  public.reserve_sign_in(text, integer, integer, integer, inet),
  public.release_sign_in(text, bigint, inet)
to service_role;
