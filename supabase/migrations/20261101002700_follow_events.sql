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
      select d.* from public.drift_events d
      where d.organization_id = p_organization_id and d.id > p_after
      order by d.id limit least(p_limit, 1000)
    ) e;
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

revoke execute on function private.resolve_subscriber(uuid, uuid, timestamptz, bigint) from public;
revoke execute on function public.follow_events(bigint, jsonb, bigint, integer)
from public, anon, authenticated, service_role;
-- Service key: it asks about other people's credentials, as admission does.
grant execute on function public.follow_events(bigint, jsonb, bigint, integer) to service_role;
