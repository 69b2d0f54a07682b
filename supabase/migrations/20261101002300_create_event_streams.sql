-- How the event stream reads the outbox: one look a tick and organization, for all streams of a process at once. The
-- same look is the streams' admission: it says which of their credentials have died.

-- Each subscriber is `{user_id, session_id, issued_at, api_key_id}`, as admission found it when the stream opened.
-- Returns `dead`, the positions (from 0) of those who are no longer a principal of this organization that may read
-- drifts; the events after `p_after`, when anybody is left to read them; and what the outbox holds.
create function public.follow_events(
  p_organization_id bigint,
  p_subscribers jsonb,
  p_after bigint default null,
  p_limit integer default 500
) returns jsonb
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  dead jsonb;
  events jsonb := '[]'::jsonb;
begin
  select coalesce(jsonb_agg(s.position - 1), '[]') into dead
  from jsonb_array_elements(p_subscribers) with ordinality as s (subscriber, position)
  cross join lateral (
    select w.* from private.resolve_subscriber(
      (s.subscriber ->> 'user_id')::uuid,
      (s.subscriber ->> 'session_id')::uuid,
      to_timestamp((s.subscriber ->> 'issued_at')::double precision),
      (s.subscriber ->> 'api_key_id')::bigint
    ) w
  ) who
  where who.fault is not null
    or who.organization_id is distinct from p_organization_id
    or not 'drifts:read' = any (who.permissions);

  if p_after is not null and jsonb_array_length(dead) < jsonb_array_length(p_subscribers) then
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', e.id, 'type', e.type, 'data', e.data, 'created_at', e.created_at
    ) order by e.id), '[]') into events
    from (
      select d.*, sum(length(d.data::text)) over (order by d.id) - length(d.data::text) as before
      from public.drift_events d
      where d.organization_id = p_organization_id and d.id > p_after
      order by d.id limit least(p_limit, 1000)
    ) e
    -- A look stays small however long the events are; the rest comes with the next one.
    where e.before < 1000000;
  end if;

  return jsonb_build_object(
    'dead', dead,
    'events', events,
    'last_id', coalesce((
      select c.last_id from private.event_counters c where c.organization_id = p_organization_id
    ), 0),
    'oldest_id', (select min(d.id) from public.drift_events d where d.organization_id = p_organization_id)
  );
end
$$;

create function private.resolve_subscriber(
  p_user_id uuid, p_session_id uuid, p_issued_at timestamptz, p_api_key_id bigint
) returns private.principal
  language sql stable security definer
  set search_path = ''
as $$
  select case
    when p_api_key_id is not null then private.resolve_api_key(p_api_key_id)
    else private.resolve_session(p_user_id, p_session_id, p_issued_at)
  end
$$;

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

-- With the service key: they ask about, and count for, other people's credentials, as admission does.
grant execute on function
  public.follow_events(bigint, jsonb, bigint, integer),
  public.open_stream(uuid, bigint, integer, integer),
  public.close_stream(uuid)
to service_role;
