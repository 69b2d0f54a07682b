-- What became of each drift, step by step: who moved it where, how, and what they said about it.
create table public.drift_steps (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  drift_id bigint not null references public.drifts (id) on delete cascade,
  occurred_at timestamptz not null default now(),
  -- The drift's from then on; a note alone leaves it as it was.
  status text not null check (status in ('detected', 'investigating', 'resolved')),
  resolution text check (resolution in ('manual', 'reverted', 'accepted', 'deleted')),
  note text check (length(note) between 1 and private.limit_of('drift_note_characters')),
  actor_id bigint references public.profiles (id) on delete set null,
  -- As it was then.
  actor_email text,
  credential_type text check (credential_type in ('session', 'api_key'))
);

create index drift_steps_drift_id_idx on public.drift_steps (drift_id, id);
create index drift_steps_organization_id_idx on public.drift_steps (organization_id);
create index drift_steps_actor_id_idx on public.drift_steps (actor_id);

alter table public.drift_steps enable row level security;
grant select on public.drift_steps to authenticated;

create policy "members can read their organization's drift steps" on public.drift_steps
  for select to authenticated
  using (organization_id = (select private.organization_where('drifts:read')));

-- Every change of a status is a step, whatever made it. The note comes from the function that was called.
create function private.record_drift_steps() returns trigger
  language plpgsql security definer
  set search_path = ''
  set enable_nestloop = off
as $$
declare
  who private.principal := private.current_principal();
begin
  insert into public.drift_steps (
    organization_id, drift_id, status, resolution, note, actor_id, actor_email, credential_type
  )
  select
    n.organization_id, n.id, n.status, n.resolution, nullif(current_setting('infraaudit.drift_note', true), ''),
    who.profile_id, who.email,
    case when who.profile_id is null then null when who.api_key_id is null then 'session' else 'api_key' end
  from new_drifts n join old_drifts o on o.id = n.id
  where n.status <> o.status
  order by n.id;
  return null;
end
$$;

create trigger record_drift_steps
  after update on public.drifts
  referencing old table as old_drifts new table as new_drifts
  for each statement execute function private.record_drift_steps();

-- Moves a drift along. The caller's own rights: row-level security and the table's trigger decide.
create function public.update_drift(p_id bigint, p_status text, p_note text default null) returns setof public.drifts
  language plpgsql volatile security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  perform set_config('infraaudit.drift_note', coalesce(p_note, ''), true);
  return query update public.drifts d set status = p_status where d.id = p_id returning d.*;
exception when unique_violation then
  raise sqlstate 'PT422' using message = 'This field has drifted again. See the newer drift.';
end
$$;

-- Says something about a drift and leaves it as it is. No row where there is no such drift.
create function public.note_drift(p_id bigint, p_note text) returns setof public.drifts
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for('drifts:write');
  who private.principal := private.current_principal();
begin
  insert into public.drift_steps (
    organization_id, drift_id, status, resolution, note, actor_id, actor_email, credential_type
  )
  select
    d.organization_id, d.id, d.status, d.resolution, p_note, who.profile_id, who.email,
    case when who.api_key_id is null then 'session' else 'api_key' end
  from public.drifts d where d.id = p_id and d.organization_id = organization;
  return query select d.* from public.drifts d where d.id = p_id and d.organization_id = organization;
end
$$;

-- Resolves a drift whatever its open state; with `accepted`, the whole capture becomes the baseline. No row where
-- there is no such drift.
create function public.resolve_drift(p_id bigint, p_resolution text default 'manual', p_note text default null)
  returns setof public.drifts
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for('drifts:write');
  target public.drifts;
begin
  if p_resolution = 'accepted' then
    perform private.require_permissions(array['resources:write']);
  end if;
  perform private.take_event_turn(organization);
  select d.* into target from public.drifts d where d.id = p_id and d.organization_id = organization for update;
  if not found then
    return;
  end if;
  if target.status = 'resolved' then
    raise sqlstate 'PT422' using message = 'This drift is already resolved.';
  end if;
  perform set_config('infraaudit.drift_note', coalesce(p_note, ''), true);
  if p_resolution = 'accepted' then
    perform private.promote(organization, target.resource_id);
  else
    update public.drifts
    set status = 'resolved', resolution = p_resolution, resolved_at = now(), resolved_by = private.profile_id()
    where id = p_id;
  end if;
  return query select d.* from public.drifts d where d.id = p_id;
end
$$;

-- Moves many drifts at once. Returns those that moved; one that can't go there stays as it is. Raises 42501 where one
-- is not the caller's, and PT404 where there is none: nothing has changed then.
create function public.change_drifts(p_ids bigint[], p_status text, p_note text default null) returns setof bigint
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for('drifts:write');
  lost bigint;
begin
  perform private.take_event_turn(organization);
  perform from public.drifts d where d.id = any (p_ids) and d.organization_id = organization order by d.id for update;
  select wanted into lost from unnest(p_ids) wanted
  where not exists (select from public.drifts d where d.id = wanted and d.organization_id = organization)
  limit 1;
  if lost is not null then
    perform public.explain_refusal('drifts:write', 'drifts', lost);
    raise sqlstate 'PT404' using message = format('Drift %s doesn''t exist.', lost);
  end if;
  perform set_config('infraaudit.drift_note', coalesce(p_note, ''), true);
  return query
    update public.drifts d
    set
      status = p_status,
      resolution = case when p_status = 'resolved' then 'manual' end,
      resolved_at = case when p_status = 'resolved' then now() end,
      resolved_by = case when p_status = 'resolved' then private.profile_id() end
    where d.id = any (p_ids) and case p_status
      when 'investigating' then d.status = 'detected'
      when 'resolved' then d.status <> 'resolved'
      -- Where the field has drifted again since, the newer drift is the open one.
      else d.status = 'resolved' and not exists (
        select from public.drifts o
        where o.resource_id = d.resource_id and md5(o.field_path) = md5(d.field_path) and o.status <> 'resolved'
      ) and d.id = (
        select max(o.id) from public.drifts o
        where o.resource_id = d.resource_id and md5(o.field_path) = md5(d.field_path)
      )
    end
    returning d.id;
end
$$;

-- How many drifts there are by severity and status, and by day and severity, as the caller may see them. A filter that
-- is null filters nothing. Days are those of a clock `p_utc_offset` minutes ahead of UTC, today the last.
create function public.summarize_drifts(
  p_severity text[] default null,
  p_type text[] default null,
  p_status text[] default null,
  p_resource_id bigint default null,
  p_search text default null,
  p_days integer default null,
  p_utc_offset integer default 0
) returns jsonb
  language sql stable security invoker
  set search_path = ''
as $$
  with chosen as (
    select d.severity, d.status, d.ignored_until > now() as is_ignored,
      (d.detected_at at time zone 'utc' + make_interval(mins => p_utc_offset))::date as day
    from public.drifts d
    where (p_severity is null or d.severity = any (p_severity))
      and (p_type is null or d.drift_type = any (p_type))
      and (p_status is null or d.status = any (p_status))
      and (p_resource_id is null or d.resource_id = p_resource_id)
      and (p_search is null or d.search_text like p_search)
  ), today as (
    select (now() at time zone 'utc' + make_interval(mins => p_utc_offset))::date as day
  )
  select jsonb_build_object(
    'counts', coalesce((
      select jsonb_agg(to_jsonb(c)) from (
        select severity, status, is_ignored, count(*) as count from chosen group by severity, status, is_ignored
      ) c
    ), '[]'),
    'days', (
      select jsonb_agg(jsonb_build_object(
        'date', to_char(t.day - back, 'YYYY-MM-DD'),
        'critical', coalesce(b.critical, 0),
        'high', coalesce(b.high, 0),
        'medium', coalesce(b.medium, 0),
        'low', coalesce(b.low, 0)
      ) order by back desc)
      from today t cross join generate_series(0, p_days - 1) back
      left join (
        select
          c.day,
          count(*) filter (where c.severity = 'critical') as critical,
          count(*) filter (where c.severity = 'high') as high,
          count(*) filter (where c.severity = 'medium') as medium,
          count(*) filter (where c.severity = 'low') as low
        from chosen c where not c.is_ignored group by c.day
      ) b on b.day = t.day - back
    )
  )
$$;

grant execute on function
  public.update_drift(bigint, text, text),
  public.note_drift(bigint, text),
  public.resolve_drift(bigint, text, text),
  public.change_drifts(bigint[], text, text),
  public.summarize_drifts(text[], text[], text[], bigint, text, integer, integer)
to authenticated;
