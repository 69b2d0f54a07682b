-- Resources that are gone: missing from a full picture of their source, or said to be deleted.

-- The resources of a source that a full picture lacks. Much at once is more often a wrong file than a great clean-up:
-- more than half of a source (and more than 5), or all of it by an empty picture, is refused unless it is allowed.
-- What was seen since `p_seen_since` came with an earlier part of the same picture.
create function private.missing_resources(
  p_organization_id bigint, p_snapshots jsonb, p_source text, p_allow_mass_delete boolean,
  p_seen_since timestamptz
) returns bigint[]
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  known bigint;
  missing bigint[];
begin
  select count(*), coalesce(array_agg(r.id) filter (
    where r.external_id not in (select s ->> 'external_id' from jsonb_array_elements(p_snapshots) s)
      and (p_seen_since is null or r.last_seen_at < p_seen_since)
  ), '{}') into known, missing
  from public.resources r
  where r.organization_id = p_organization_id and r.source = p_source and r.status <> 'deleted';

  if not p_allow_mass_delete and cardinality(missing) > 0 and (
    jsonb_array_length(p_snapshots) = 0 or (cardinality(missing) > private.limit_of('unasked_deletions') and cardinality(missing) * 2 > known)
  ) then
    raise sqlstate 'PT422' using message = format(
      'This import would mark %s of the %s resources of source "%s" as deleted. Check the file; '
      'if it is right, send allow_mass_delete=true.',
      cardinality(missing), known, p_source
    );
  end if;
  return missing;
end
$$;

-- Marks resources deleted and ends their drifts, unless `p_keeps_drifts`. Where what went protected others, that is a
-- drift itself: `p_vanished` has what it means for each resource type; so is whatever was deleted outside of its
-- tool (`p_outside`). Returns how many went.
create function private.mark_deleted(
  p_organization_id bigint, p_gone bigint[], p_outside bigint[], p_vanished jsonb, p_keeps_drifts boolean
) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  gone bigint[];
begin
  with marked as (
    update public.resources r set status = 'deleted'
    where r.organization_id = p_organization_id and r.id = any (p_gone || p_outside) and r.status <> 'deleted'
    returning r.id
  )
  select coalesce(array_agg(m.id), '{}') into gone from marked m;
  if not p_keeps_drifts then
    perform private.close_drifts(p_organization_id, gone, 'deleted');
  end if;

  with rules as (
    select v.* from jsonb_to_recordset(p_vanished) as v (
      resource_type text, protects text, condition jsonb, drift_type text, severity text, summary text, reason text,
      rule text, control text
    )
  ), unprotected as (
    select r.id, v.drift_type, v.severity, v.summary, v.reason, v.rule, v.control
    from rules v join public.resources r on r.resource_type = v.resource_type
    where r.id = any (gone)
      and (v.condition is null or r.configuration @> v.condition)
      -- What went together with what it protected leaves nothing unprotected. Another protector of the same resource
      -- bears its name too, but is not it; and what is still there has not gone.
      and not exists (
        select from public.resources o
        where o.id = any (gone) and private.is_named(o, r.configuration ->> v.protects)
          and not exists (select from rules w where w.resource_type = o.resource_type)
          and not exists (
            select from public.resources still
            where still.organization_id = p_organization_id and still.status <> 'deleted'
              and still.source is not distinct from r.source
              and still.resource_type = o.resource_type and private.is_named(still, r.configuration ->> v.protects)
          )
      )
  ), found as (
    select * from unprotected
    union all
    select r.id, 'configuration', 'medium', 'status: The resource was deleted outside of its configuration',
      'The resource was deleted outside of its configuration', 'deleted-outside', null
    from public.resources r
    where r.id = any (gone) and r.id = any (p_outside) and r.id not in (select u.id from unprotected u)
  )
  insert into public.drifts (
    organization_id, resource_id, resource_name, resource_type, field_path, drift_type, severity,
    summary, reason, rule, control, baseline_value, current_value, address, changed_by, changed_at
  )
  select
    p_organization_id, r.id, r.name, r.resource_type, 'status', f.drift_type, f.severity,
    f.summary, f.reason, f.rule, f.control, '"active"', '"deleted"', r.address, r.changed_by, r.changed_at
  from found f join public.resources r on r.id = f.id
  on conflict (resource_id, md5(field_path)) where status <> 'resolved' do nothing;
  return cardinality(gone);
end
$$;

-- True for a resource that others refer to by this name: its identity, never the name of what it belongs to itself.
create function private.is_named(r public.resources, p_name text) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select p_name in (r.external_id, r.configuration ->> 'id', r.configuration ->> 'arn')
    and r.resource_type !~
      '(_policy|_attachment|_association|_versioning|_configuration|_rules|_bucket_acl|_logging|_notification|_controls|_object)$'
$$;
