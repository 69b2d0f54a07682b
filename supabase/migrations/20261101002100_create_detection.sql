-- Detection: what there is to compare, and the writing of what was found. Imports write through here too.

-- Brings the open drifts of some resources in line with what was found of them: new ones are opened, known ones
-- updated, those that were not found again are resolved. `p_found` is an array of drifts with `resource_id`.
create function private.record_drifts(p_organization_id bigint, p_resource_ids bigint[], p_found jsonb) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  perform private.take_event_turn(p_organization_id);

  update public.drifts d
  set status = 'resolved', resolution = 'reverted', resolved_at = now()
  where d.organization_id = p_organization_id
    and d.resource_id = any (p_resource_ids)
    and d.status <> 'resolved'
    -- What was only reported is over once the resource itself has been seen again.
    and (d.rule is distinct from 'changed-outside' or exists (
      select from public.resources r where r.id = d.resource_id and r.captured_at > d.last_seen_at
    ))
    and (d.resource_id, d.field_path) not in (
      select f.resource_id, f.field_path
      from jsonb_to_recordset(p_found) as f (resource_id bigint, field_path text)
    );

  insert into public.drifts as d (
    organization_id, resource_id, resource_name, resource_type, field_path, drift_type, severity,
    summary, reason, rule, control, baseline_value, current_value, address, changed_by, changed_at
  )
  select
    p_organization_id, r.id, r.name, r.resource_type, f.field_path, f.drift_type, f.severity,
    f.summary, f.reason, f.rule, f.control, f.baseline_value, f.current_value,
    r.address, r.changed_by, r.changed_at
  from jsonb_to_recordset(p_found) as f (
    resource_id bigint, field_path text, drift_type text, severity text, summary text, reason text, rule text,
    control text, baseline_value jsonb, current_value jsonb
  )
  join public.resources r on r.id = f.resource_id and r.organization_id = p_organization_id
  where r.id = any (p_resource_ids)
  on conflict (resource_id, md5(field_path)) where status <> 'resolved' do update set
    resource_name = excluded.resource_name,
    resource_type = excluded.resource_type,
    drift_type = excluded.drift_type,
    severity = excluded.severity,
    summary = excluded.summary,
    reason = excluded.reason,
    rule = excluded.rule,
    control = excluded.control,
    baseline_value = excluded.baseline_value,
    current_value = excluded.current_value,
    address = excluded.address,
    changed_by = excluded.changed_by,
    changed_at = excluded.changed_at,
    last_seen_at = now();
end
$$;

-- Resolves every open drift of some resources for one reason.
create function private.close_drifts(p_organization_id bigint, p_resource_ids bigint[], p_resolution text) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  perform private.take_event_turn(p_organization_id);
  update public.drifts d
  set status = 'resolved', resolution = p_resolution, resolved_at = now(), resolved_by = private.profile_id()
  where d.organization_id = p_organization_id and d.resource_id = any (p_resource_ids) and d.status <> 'resolved';
end
$$;

-- What a detection has to compare, a page at a time by id. A resource whose fingerprint is its baseline's needs
-- no comparing; it is only named when it still has an open drift, which then is over. A page ends early where its
-- configurations would be too much to compare in one request.
create function private.detection_page(
  p_organization_id bigint, p_resource_ids bigint[], p_after bigint, p_limit integer
) returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  with next as (
    select r.* from public.resources r
    where r.organization_id = p_organization_id and r.id > p_after and r.status <> 'deleted'
      and (p_resource_ids is null or r.id = any (p_resource_ids))
    order by r.id limit least(p_limit, 1000) + 1
  ), compared as (
    select n.*, b.id as baseline_id, b.configuration as baseline_configuration, b.tags as baseline_tags,
      coalesce(n.fingerprint = b.fingerprint, false) as is_same
    from next n left join public.baselines b on b.resource_id = n.id and b.is_current
  ), weighed as (
    select c.*, row_number() over (order by c.id) as place,
      -- As stored: compressed, and so without reading it.
      sum(case when c.is_same then 0 else pg_column_size(c.configuration) end) over (order by c.id) as weight
    from compared c
  ), page as (
    select w.* from weighed w where w.place = 1 or (w.place <= least(p_limit, 1000) and w.weight <= 2000000)
  )
  select jsonb_build_object(
    'checked', (select count(*) from page),
    'last', (select max(id) from page),
    'is_last', (select count(*) from next) = (select count(*) from page),
    'resources', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', p.id,
        'resource_type', p.resource_type,
        'revision', p.revision,
        'fingerprint', p.fingerprint,
        'configuration', case when not p.is_same then p.configuration end,
        'tags', case when not p.is_same then p.tags end,
        'baseline', case when p.baseline_id is not null then jsonb_build_object(
          'id', p.baseline_id,
          'configuration', case when not p.is_same then p.baseline_configuration end,
          'tags', case when not p.is_same then p.baseline_tags end
        ) end
      ) order by p.id), '[]')
      from page p
      where not p.is_same or exists (
        select from public.drifts d where d.resource_id = p.id and d.status <> 'resolved'
      )
    )
  )
$$;

-- The organization whose resources the caller may have judged: resources are judged with every write.
create function private.judging_organization() returns bigint
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  return private.organization_for(
    case when private.has_permission('resources:write') then 'resources:write' else 'drifts:write' end
  );
end
$$;

-- The asked-for ids that are none of the organization's resources.
create function private.unknown_resources(p_organization_id bigint, p_resource_ids bigint[]) returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select coalesce(jsonb_agg(asked), '[]') from unnest(p_resource_ids) asked
  where not exists (
    select from public.resources r where r.id = asked and r.organization_id = p_organization_id
  )
$$;

-- What the caller's detection has to compare.
create function public.plan_detection(
  p_resource_ids bigint[] default null,
  p_after bigint default 0,
  p_limit integer default 500
) returns jsonb
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  organization bigint := private.judging_organization();
begin
  return private.detection_page(organization, p_resource_ids, p_after, p_limit);
end
$$;

-- Writes what a detection found. Each check is `{resource_id, revision, baseline_id, fingerprint}`; refuses when a
-- resource or its baseline has moved since it was compared. Returns how many resources are drifted.
create function private.write_detection(p_organization_id bigint, p_checks jsonb, p_found jsonb) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  judged bigint[];
begin
  perform private.take_event_turn(p_organization_id);
  if exists (
    select from jsonb_to_recordset(p_checks) as c (resource_id bigint, revision bigint, baseline_id bigint)
    left join public.resources r on r.id = c.resource_id and r.organization_id = p_organization_id
    left join public.baselines b on b.resource_id = r.id and b.is_current
    where r.id is null or r.revision is distinct from c.revision or b.id is distinct from c.baseline_id
  ) then
    raise serialization_failure using message = 'resources changed while they were compared';
  end if;

  update public.resources r set fingerprint = c.fingerprint
  from jsonb_to_recordset(p_checks) as c (resource_id bigint, fingerprint text)
  where r.id = c.resource_id and r.organization_id = p_organization_id and r.fingerprint is distinct from c.fingerprint;

  select coalesce(array_agg(c.resource_id), '{}') into judged
  from jsonb_to_recordset(p_checks) as c (resource_id bigint);
  perform private.make_first_baselines(p_organization_id, judged);
  perform private.record_drifts(p_organization_id, judged, p_found);
  return (select count(distinct f ->> 'resource_id') from jsonb_array_elements(p_found) f);
end
$$;

create function public.apply_detection(p_checks jsonb, p_found jsonb) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$ begin return private.write_detection(private.judging_organization(), p_checks, p_found); end $$;

grant execute on function
  public.plan_detection(bigint[], bigint, integer),
  public.apply_detection(jsonb, jsonb)
to authenticated;
