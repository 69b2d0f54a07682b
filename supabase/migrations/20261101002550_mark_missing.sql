-- A full picture marks what is missing from it, and ends its drifts. Where what went protected others, that is a drift
-- itself: `p_vanished` has what it means for each such resource type. Returns how many resources went, and how many
-- of them are drifts.
create function private.mark_missing(
  p_organization_id bigint, p_snapshots jsonb, p_source text, p_vanished jsonb, out deleted integer, out drifted integer
)
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  gone bigint[];
begin
  with marked as (
    update public.resources r set status = 'deleted'
    where r.organization_id = p_organization_id and r.source = p_source and r.status <> 'deleted'
      and r.external_id not in (select s ->> 'external_id' from jsonb_array_elements(p_snapshots) s)
    returning r.id
  )
  select coalesce(array_agg(m.id), '{}') into gone from marked m;
  perform private.close_drifts(p_organization_id, gone, 'deleted');
  deleted := cardinality(gone);

  insert into public.drifts (
    organization_id, resource_id, resource_name, resource_type, field_path, drift_type, severity,
    summary, reason, rule, control, baseline_value, current_value
  )
  select
    p_organization_id, r.id, r.name, r.resource_type, 'status', v.drift_type, v.severity,
    v.summary, v.reason, v.rule, v.control, '"active"', '"deleted"'
  from jsonb_to_recordset(p_vanished) as v (
    resource_type text, protects text, drift_type text, severity text, summary text, reason text, rule text,
    control text
  )
  join public.resources r on r.resource_type = v.resource_type
  where r.id = any (gone)
    -- What went together with what it protected leaves nothing unprotected.
    and not exists (
      select from public.resources o
      where o.id = any (gone) and o.id <> r.id and r.configuration ->> v.protects in (
        o.external_id, o.configuration ->> 'id', o.configuration ->> 'arn', o.configuration ->> 'bucket'
      )
    );
  get diagnostics drifted = row_count;
end
$$;

revoke execute on function private.mark_missing(bigint, jsonb, text, jsonb) from public;
