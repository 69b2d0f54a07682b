-- Drifts: fields of a resource that differ from its baseline. One is open per resource and field.
create table public.drifts (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  resource_id bigint not null references public.resources (id) on delete cascade,
  -- As the resource was called when the drift was last seen: readers of drifts need not read resources.
  resource_name text not null,
  resource_type text not null,
  field_path text not null,
  -- What a search looks through.
  search_text text not null
    generated always as (lower(resource_name || ' ' || resource_type || ' ' || field_path || ' ' || summary)) stored,
  drift_type text not null check (drift_type in ('configuration', 'security', 'compliance')),
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  -- What lists sort by: 4 is critical.
  severity_rank smallint not null generated always as (
    case severity when 'critical' then 4 when 'high' then 3 when 'medium' then 2 else 1 end
  ) stored,
  status text not null default 'detected' check (status in ('detected', 'investigating', 'resolved')),
  -- Why it is resolved: by a person, back at the baseline, accepted as the new baseline, resource gone.
  resolution text check (resolution in ('manual', 'reverted', 'accepted', 'deleted')),
  summary text not null,
  reason text not null,
  rule text,
  control text,
  baseline_value jsonb,
  current_value jsonb,
  -- As the resource's when the drift was last seen.
  address text,
  changed_by text,
  changed_at timestamptz,
  -- The rule that says it doesn't matter, and until when: infinity for a rule without an end, -infinity for none.
  ignore_rule_id bigint,
  ignored_until timestamptz not null default '-infinity',
  detected_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolved_by bigint references public.profiles (id) on delete set null,
  check ((status = 'resolved') = (resolution is not null)),
  check ((status = 'resolved') = (resolved_at is not null))
);

create index drifts_organization_id_id_idx on public.drifts (organization_id, id);
create index drifts_open_first_idx on public.drifts (organization_id, status, severity_rank desc, id desc);
create index drifts_resource_id_idx on public.drifts (resource_id);
create index drifts_resolved_by_idx on public.drifts (resolved_by);
-- The fingerprint: hashed, because a path may be longer than an index entry.
create unique index drifts_one_open_idx on public.drifts (resource_id, md5(field_path)) where status <> 'resolved';

insert into private.addressable_tables (name) values ('drifts');

alter table public.drifts enable row level security;
grant select on public.drifts to authenticated;
grant update (status) on public.drifts to authenticated;

create policy "members can read their organization's drifts" on public.drifts
  for select to authenticated
  using (organization_id = (select private.organization_where('drifts:read', or_writing => 'drifts:write')));

create policy "writers can change the status of their organization's drifts" on public.drifts
  for update to authenticated
  using (organization_id = (select private.organization_where('drifts:write')))
  with check (organization_id = (select private.organization_where('drifts:write')) and (select private.is_vouched()));

-- detected → investigating → resolved, and back to the beginning when that was too early. The functions that resolve for another reason state it in `resolution`,
-- which no caller can write.
create function private.check_drift_transition() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  if new.resolution is not null and old.resolution is null then
    return new;
  end if;
  if (old.status, new.status) = ('resolved', 'detected') then
    new.resolution := null;
    new.resolved_at := null;
    new.resolved_by := null;
    return new;
  end if;
  if (old.status, new.status) not in (('detected', 'investigating'), ('investigating', 'resolved')) then
    raise sqlstate 'PT422' using
      message = case
        when old.status <> new.status then format('A drift can''t go from %s to %s.', old.status, new.status)
        when new.status = 'investigating' then 'This drift is already under investigation.'
        else format('This drift is already %s.', new.status)
      end;
  end if;
  if new.status = 'resolved' then
    new.resolution := 'manual';
    new.resolved_at := now();
    new.resolved_by := private.profile_id();
  end if;
  return new;
end
$$;

create trigger check_drift_transition
  before update of status on public.drifts
  for each row execute function private.check_drift_transition();

-- An ignored drift is kept but not told; it counts again once its rule has ended.
create function private.is_ignored(p_drift public.drifts) returns boolean
  language sql stable
  set search_path = ''
as $$ select p_drift.ignored_until > now() $$;

-- What an event tells of a drift: the contract's drift without its values, which may be large, and its texts cut.
create function private.drift_event(p_type text, p_drift public.drifts) returns jsonb
  language sql stable
  set search_path = ''
as $$
  select jsonb_build_object('type', p_type, 'data', jsonb_build_object(
    'id', p_drift.id,
    'resource_id', p_drift.resource_id,
    'resource_name', p_drift.resource_name,
    'resource_type', p_drift.resource_type,
    'field_path', left(p_drift.field_path, 1000),
    'drift_type', p_drift.drift_type,
    'severity', p_drift.severity,
    'status', p_drift.status,
    'summary', left(p_drift.summary, 1000),
    'detected_at', p_drift.detected_at
  ) || case when p_drift.resolution is null then '{}'::jsonb else jsonb_build_object(
    'resolution', p_drift.resolution, 'resolved_at', p_drift.resolved_at
  ) end)
$$;

-- One statement, one block of events: the events come with the drifts, from every writer.
create function private.tell_new_drifts() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  told record;
begin
  for told in
    select n.organization_id, jsonb_agg(private.drift_event('drift_detected', n::public.drifts) order by n.id) as events
    from new_drifts n where not private.is_ignored(n::public.drifts) group by n.organization_id order by n.organization_id
  loop
    perform private.append_events(told.organization_id, told.events);
  end loop;
  return null;
end
$$;

create trigger tell_new_drifts
  after insert on public.drifts
  referencing new table as new_drifts
  for each statement execute function private.tell_new_drifts();

-- A drift that ended is told as resolved; an open one is told again when what it says has changed.
-- The planner takes transition tables for one row each, and would compare every row with every other.
create function private.tell_changed_drifts() returns trigger
  language plpgsql security definer
  set search_path = ''
  set enable_nestloop = off
as $$
declare
  told record;
begin
  for told in
    select n.organization_id, jsonb_agg(
      private.drift_event(
        case when n.status = 'resolved' then 'drift_resolved' else 'drift_detected' end, n::public.drifts
      ) order by n.id
    ) as events
    from new_drifts n join old_drifts o on o.id = n.id
    where (o.status <> 'resolved' and n.status = 'resolved' and not private.is_ignored(o::public.drifts))
      or (n.status <> 'resolved' and not private.is_ignored(n::public.drifts) and (
        o.status = 'resolved'
        or private.is_ignored(o::public.drifts)
        or n.severity <> o.severity
        or n.current_value is distinct from o.current_value
        or n.baseline_value is distinct from o.baseline_value
      ))
    group by n.organization_id order by n.organization_id
  loop
    perform private.append_events(told.organization_id, told.events);
  end loop;
  return null;
end
$$;

create trigger tell_changed_drifts
  after update on public.drifts
  referencing old table as old_drifts new table as new_drifts
  for each statement execute function private.tell_changed_drifts();
