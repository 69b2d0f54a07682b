-- The outbox of the event stream. An event is written in the transaction of what it tells of, and its number
-- comes from a row that stays locked until that transaction ends: numbers follow the order of commits, so that
-- a reader who has seen number n can never find n - 1 later.
create table private.event_counters (
  organization_id bigint primary key references public.organizations (id) on delete cascade,
  last_id bigint not null default 0
);

create table public.drift_events (
  organization_id bigint not null references public.organizations (id) on delete cascade,
  id bigint not null,
  type text not null check (type in ('drift_detected', 'drift_resolved', 'scan_progress')),
  -- A stream holds many: an event tells of something, and does not carry it.
  data jsonb not null check (jsonb_typeof(data) = 'object' and length(data::text) <= 16384),
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);

create index drift_events_created_at_idx on public.drift_events (created_at);

alter table public.drift_events enable row level security;
grant select on public.drift_events to authenticated;

create policy "members can read their organization's events" on public.drift_events
  for select to authenticated
  using (organization_id = (select private.organization_where('drifts:read')));

-- Takes the organization's turn to write drifts and events; others wait until this transaction ends.
-- Functions that write drifts call it before they touch a row, so that no two wait for each other in a circle.
create function private.take_event_turn(p_organization_id bigint) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  insert into private.event_counters (organization_id) values (p_organization_id) on conflict do nothing;
  perform from private.event_counters c where c.organization_id = p_organization_id for update;
end
$$;

-- Appends events, in the order of the array: objects with `type` and `data`.
create function private.append_events(p_organization_id bigint, p_events jsonb) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  added constant integer := jsonb_array_length(p_events);
  last bigint;
begin
  if added = 0 then
    return;
  end if;
  perform private.take_event_turn(p_organization_id);
  update private.event_counters c set last_id = c.last_id + added
  where c.organization_id = p_organization_id
  returning c.last_id into last;

  insert into public.drift_events (organization_id, id, type, data, created_at)
  select p_organization_id, last - added + e.position, e.event ->> 'type', e.event -> 'data', clock_timestamp()
  from jsonb_array_elements(p_events) with ordinality as e (event, position);

  -- Kept for 7 days; every writer sweeps a little.
  delete from public.drift_events d
  where (d.organization_id, d.id) in (
    select o.organization_id, o.id from public.drift_events o
    where o.created_at < now() - private.lasting('event_days') limit 1000
    for update skip locked
  );
end
$$;

-- Wakes event streams before their next tick, where Supabase Realtime is there to carry it. Best effort: the outbox
-- stays the truth, and a stream that misses a broadcast reads the event a tick later.
-- A broadcast says nothing but that there is something to read. Its topic is private, and no policy on
-- realtime.messages opens it to anybody: only the service key, past row-level security, can listen or send.
create function private.wake_streams() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  organization bigint;
begin
  if to_regprocedure('realtime.send(jsonb, text, text, boolean)') is null then
    return null;
  end if;
  for organization in select distinct w.organization_id from written w order by 1 loop
    -- Dynamic, for the function is not there on every server.
    execute 'select realtime.send($1, $2, $3, true)'
    using '{}'::jsonb, 'written', format('drift-events:%s', organization);
  end loop;
  return null;
exception when others then
  -- No wake-up is worth losing what it would have told of.
  raise warning 'event streams were not woken: %', sqlerrm;
  return null;
end
$$;

create trigger wake_streams
  after insert on public.drift_events
  referencing new table as written
  for each statement execute function private.wake_streams();
