-- The list of what an import did, resource by resource.

-- What an import did to each resource that it touched, with the drifts that are open now; what it left as it was and
-- has no drift is left out. What a dry run creates has no id.
create function private.import_changes(
  p_touched bigint[], p_created bigint[], p_updated bigint[], p_gone bigint[], p_is_dry boolean
) returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  with touched as (
    select t.id, case
      when g.id is not null then 'deleted' when c.id is not null then 'created'
      when u.id is not null then 'updated' else 'unchanged'
    end as change
    from (select distinct unnest(p_touched || p_created || p_updated || p_gone)) t (id)
    left join unnest(p_created) c (id) using (id)
    left join unnest(p_updated) u (id) using (id)
    left join unnest(p_gone) g (id) using (id)
  ), found as (
    select d.resource_id, jsonb_agg(jsonb_build_object(
      'severity', d.severity, 'summary', d.summary, 'is_ignored', private.is_ignored(d)
    ) order by d.severity_rank desc, d.id) as drifts
    from touched t join public.drifts d on d.resource_id = t.id
    where d.status <> 'resolved'
    group by d.resource_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'resource_id', case when not (p_is_dry and t.change = 'created') then r.id end,
    'external_id', r.external_id, 'name', r.name, 'resource_type', r.resource_type, 'address', r.address,
    'change', t.change, 'drifts', coalesce(f.drifts, '[]')
  ) order by r.id), '[]')
  from touched t
  join public.resources r on r.id = t.id
  left join found f on f.resource_id = t.id
  where t.change <> 'unchanged' or f.drifts is not null
$$;
