-- Who has event streams open, counted over all isolates. A place ends by itself once its stream must have ended: what
-- an isolate that died held is free again soon. Nothing here outlives a restart, as the streams themselves do not.
create unlogged table private.open_streams (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  api_key_id bigint,
  ends_at timestamptz not null
);

create index open_streams_user_id_api_key_id_idx on private.open_streams (user_id, api_key_id);
create index open_streams_ends_at_idx on private.open_streams (ends_at);

-- Takes a place for one more stream of a principal (a person, or one key of theirs).
-- Returns the place to give back when the stream ends; null when `p_limit` streams are open.
create function public.open_stream(p_user_id uuid, p_api_key_id bigint, p_limit integer, p_seconds integer)
  returns uuid
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  place uuid;
begin
  -- One at a time for each principal: two openers never count the same last free place.
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended(concat_ws(':', 'open_stream', p_user_id, p_api_key_id), 0)
  );
  delete from private.open_streams where id in (
    select id from private.open_streams where ends_at <= now() limit 100 for update skip locked
  );
  insert into private.open_streams (user_id, api_key_id, ends_at)
  select p_user_id, p_api_key_id, now() + make_interval(secs => p_seconds)
  where (
    select count(*) from private.open_streams o
    where o.user_id = p_user_id and o.api_key_id is not distinct from p_api_key_id and o.ends_at > now()
  ) < p_limit
  returning id into place;
  return place;
end
$$;

-- Gives a place back; harmless for one that is gone.
create function public.close_stream(p_place uuid) returns void
  language sql volatile security definer
  set search_path = ''
as $$ delete from private.open_streams where id = p_place $$;

revoke execute on function
  public.open_stream(uuid, bigint, integer, integer),
  public.close_stream(uuid)
from public, anon, authenticated, service_role;
-- Service key: a place is counted for whoever admission found, also for keys.
grant execute on function
  public.open_stream(uuid, bigint, integer, integer),
  public.close_stream(uuid)
to service_role;
