-- Imports: many snapshots in one transaction. A function diffs in between two calls: `plan_import` says what the
-- snapshots meet, `apply_import` writes all or nothing and refuses when what they meet has moved meanwhile.
-- Thousands of rows may take longer than the eight seconds that the API's roles have: PostgREST applies a function's
-- own statement_timeout to the transaction that calls it.

-- What snapshots meet. Each is `{external_id, fingerprint?, needs_configuration?}`; a baseline's content is left
-- out where its fingerprint is the snapshot's. `p_addresses` names resources as their tool does.
create function public.plan_import(
  p_snapshots jsonb,
  p_idempotency_key text default null,
  p_request_hash text default null,
  p_source text default null,
  p_addresses text[] default '{}'
) returns jsonb
  language plpgsql stable security definer
  set search_path = ''
  set statement_timeout = '50s'
as $$
declare
  organization bigint := private.organization_for('resources:write');
begin
  return jsonb_build_object(
    'answer', private.known_answer(organization, p_idempotency_key, p_request_hash),
    'is_source_known', exists (
      select from public.resources r where r.organization_id = organization and r.source = p_source
    ),
    'addressed', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'address', r.address, 'external_id', r.external_id, 'name', r.name, 'resource_type', r.resource_type,
        'provider', r.provider
      ) order by r.id), '[]')
      from public.resources r
      where r.organization_id = organization and r.address = any (p_addresses) and r.status <> 'deleted'
        and (p_source is null or r.source = p_source)
    ),
    'resources', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id,
        'external_id', r.external_id,
        'resource_type', r.resource_type,
        'status', r.status,
        'revision', r.revision,
        'tags', r.tags,
        'configuration', case when s.needs_configuration then r.configuration end,
        'baseline', case when b.id is not null then jsonb_build_object(
          'id', b.id,
          'fingerprint', b.fingerprint,
          'configuration', case when (b.fingerprint = s.fingerprint) is not true then b.configuration end,
          'tags', case when (b.fingerprint = s.fingerprint) is not true then b.tags end
        ) end
      )), '[]')
      from jsonb_to_recordset(p_snapshots) as s (external_id text, fingerprint text, needs_configuration boolean)
      join public.resources r on r.organization_id = organization and r.external_id = s.external_id
      left join public.baselines b on b.resource_id = r.id and b.is_current
    )
  );
end
$$;

-- Refuses an import whose plan no longer holds: a resource that came or went, another baseline, another capture.
create function private.check_import_plan(p_organization_id bigint, p_snapshots jsonb) returns void
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  if exists (
    select from jsonb_to_recordset(p_snapshots) as s (
      external_id text, resource_id bigint, baseline_id bigint, revision bigint
    )
    left join public.resources r on r.organization_id = p_organization_id and r.external_id = s.external_id
    left join public.baselines b on b.resource_id = r.id and b.is_current
    where r.id is distinct from s.resource_id
      or b.id is distinct from s.baseline_id
      or (s.revision is not null and s.revision is distinct from r.revision)
  ) then
    raise serialization_failure using message = 'resources changed while the import was compared';
  end if;
end
$$;

-- True when a snapshot says something else of a resource than is known; what it leaves out says nothing.
create function private.differs_from_snapshot(r public.resources, s jsonb) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select r.name <> s ->> 'name' or r.resource_type <> s ->> 'resource_type' or r.provider <> s ->> 'provider'
    or (s ? 'region' and r.region is distinct from s ->> 'region')
    or (s ? 'status' and r.status <> s ->> 'status')
    or (not s ? 'status' and r.status = 'deleted')
    or (s ? 'tags' and r.tags <> s -> 'tags')
    or (s ? 'configuration' and r.configuration <> s -> 'configuration')
$$;

-- Writes the snapshots themselves, each row once: what is not sent stays as it is. Returns the ids of what is new and
-- of what is otherwise than before.
create function private.write_snapshots(p_organization_id bigint, p_snapshots jsonb, p_source text)
  returns table (created bigint[], updated bigint[])
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  perform set_config('infraaudit.judging', 'on', true);
  with met as materialized (
    select r.id, s.value as s, private.differs_from_snapshot(r, s.value) as differs
    from jsonb_array_elements(p_snapshots) s
    join public.resources r on r.organization_id = p_organization_id and r.external_id = s.value ->> 'external_id'
  ), changed as (
    update public.resources r set
      name = s ->> 'name',
      resource_type = s ->> 'resource_type',
      provider = s ->> 'provider',
      region = case when s ? 'region' then s ->> 'region' else r.region end,
      status = case when s ? 'status' then s ->> 'status' when r.status = 'deleted' then 'active' else r.status end,
      tags = case when s ? 'tags' then s -> 'tags' else r.tags end,
      configuration = case when s ? 'configuration' then s -> 'configuration' else r.configuration end,
      captured_at = case when s ? 'configuration' then now() else r.captured_at end,
      address = coalesce(s ->> 'address', r.address),
      changed_by = coalesce(s ->> 'changed_by', r.changed_by),
      changed_at = coalesce((s ->> 'changed_at')::timestamptz, r.changed_at),
      source = coalesce(p_source, r.source),
      fingerprint = s ->> 'fingerprint',
      last_seen_at = now()
    from met where r.id = met.id and met.differs
    returning r.id
  ), seen as (
    update public.resources r set
      captured_at = case when s ? 'configuration' then now() else r.captured_at end,
      address = coalesce(s ->> 'address', r.address),
      changed_by = coalesce(s ->> 'changed_by', r.changed_by),
      changed_at = coalesce((s ->> 'changed_at')::timestamptz, r.changed_at),
      source = coalesce(p_source, r.source),
      fingerprint = s ->> 'fingerprint',
      last_seen_at = now()
    from met where r.id = met.id and not met.differs
  ), added as (
    insert into public.resources (
      organization_id, external_id, name, resource_type, provider, region, status, tags, configuration,
      address, changed_by, changed_at, source, fingerprint, captured_at, last_seen_at
    )
    select
      p_organization_id, s ->> 'external_id', s ->> 'name', s ->> 'resource_type', s ->> 'provider', s ->> 'region',
      coalesce(s ->> 'status', 'active'), coalesce(s -> 'tags', '{}'), coalesce(s -> 'configuration', '{}'),
      s ->> 'address', s ->> 'changed_by', (s ->> 'changed_at')::timestamptz,
      p_source, s ->> 'fingerprint', now(), now()
    from jsonb_array_elements(p_snapshots) s
    where s -> 'resource_id' = 'null'
    returning id
  )
  select
    (select coalesce(array_agg(a.id), '{}') from added a), (select coalesce(array_agg(c.id), '{}') from changed c)
  into created, updated;
  perform set_config('infraaudit.judging', 'off', true);
  return next;
end
$$;

-- Writes a compared import and says what it did. Each snapshot carries what the plan said of it (`resource_id`,
-- `baseline_id`, and `revision` where it rests on the last capture), each found drift its `external_id`; `p_options`
-- is `{source, full, seen_since, allow_mass_delete, dry_run, detail, deleted: [external_id], vanished, risks}`.
create function private.write_import(
  p_organization_id bigint, p_snapshots jsonb, p_found jsonb, p_options jsonb
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  import_source constant text := p_options ->> 'source';
  written record;
  missing bigint[] := '{}'::bigint[];
  outside bigint[];
  judged bigint[];
  deleted integer;
  answer jsonb;
begin
  if (p_options -> 'full')::boolean and import_source is not null then
    missing := private.missing_resources(
      p_organization_id, p_snapshots, import_source, (p_options -> 'allow_mass_delete')::boolean,
      (p_options ->> 'seen_since')::timestamptz
    );
  end if;
  select * into written from private.write_snapshots(p_organization_id, p_snapshots, import_source);

  select coalesce(array_agg(r.id), '{}') into judged
  from jsonb_array_elements(p_snapshots) s
  join public.resources r on r.organization_id = p_organization_id and r.external_id = s ->> 'external_id'
  where s ->> 'fingerprint' is not null;
  perform private.make_expected_baselines(p_organization_id, p_snapshots);
  perform private.make_first_baselines(p_organization_id, judged);
  perform private.record_drifts(p_organization_id, judged, (
    select coalesce(jsonb_agg(f || jsonb_build_object('resource_id', r.id)), '[]')
    from jsonb_array_elements(p_found) f
    join public.resources r on r.organization_id = p_organization_id and r.external_id = f ->> 'external_id'
  ));

  select coalesce(array_agg(r.id), '{}') into outside
  from jsonb_array_elements_text(p_options -> 'deleted') d (external_id)
  join public.resources r on r.organization_id = p_organization_id and r.external_id = d.external_id;
  -- An empty picture says too little to end what is open.
  deleted := private.mark_deleted(
    p_organization_id, missing, outside, p_options -> 'vanished', jsonb_array_length(p_snapshots) = 0
  );

  select jsonb_build_object(
    'created', cardinality(written.created),
    'updated', cardinality(written.updated),
    'unchanged', jsonb_array_length(p_snapshots) - cardinality(written.created) - cardinality(written.updated),
    'drifted', count(distinct d.resource_id) filter (where not private.is_ignored(d)),
    'ignored', count(*) filter (where private.is_ignored(d)),
    'deleted', deleted
  ) || case when p_options -> 'risks' is null then '{}' else jsonb_build_object('risks', p_options -> 'risks') end
  into answer
  from public.drifts d
  where d.organization_id = p_organization_id and d.resource_id = any (judged || missing || outside)
    and d.status <> 'resolved';
  perform private.append_events(p_organization_id, jsonb_build_array(jsonb_build_object(
    'type', 'scan_progress',
    'data', answer || jsonb_build_object('scan', 'import', 'source', import_source, 'status', 'completed')
  )));
  if (p_options -> 'detail')::boolean then
    answer := answer || jsonb_build_object('changes', private.import_changes(
      judged, written.created, written.updated, missing || outside, (p_options -> 'dry_run')::boolean
    ));
  end if;
  return answer;
end
$$;

-- Writes a compared import, all or nothing; a dry run says what would be written, and writes nothing.
create function public.apply_import(
  p_snapshots jsonb,
  p_found jsonb,
  p_options jsonb,
  p_idempotency_key text default null,
  p_request_hash text default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
  set statement_timeout = '50s'
as $$
declare
  organization bigint := private.organization_for('resources:write');
  answer jsonb;
begin
  perform private.take_event_turn(organization);
  answer := private.known_answer(organization, p_idempotency_key, p_request_hash);
  if answer is not null then
    return jsonb_build_object('answer', answer);
  end if;
  perform private.check_import_plan(organization, p_snapshots);

  if (p_options -> 'dry_run')::boolean then
    begin
      answer := private.write_import(organization, p_snapshots, p_found, p_options);
      raise exception using errcode = 'IA001', message = 'a dry run ends here';
    exception when sqlstate 'IA001' then
      -- Everything since `begin` is undone; the answer is a variable and stays.
      return jsonb_build_object('answer', answer);
    end;
  end if;

  answer := private.write_import(organization, p_snapshots, p_found, p_options);
  if p_idempotency_key is not null then
    delete from private.idempotency_keys where created_at < now() - private.lasting('idempotency_key_hours');
    insert into private.idempotency_keys (organization_id, profile_id, key, request_hash, answer)
    values (organization, private.profile_id(), p_idempotency_key, p_request_hash, answer);
  end if;

  return jsonb_build_object('answer', answer) || case when jsonb_array_length(p_snapshots) <> 1 then '{}' else (
    select jsonb_build_object('resource', jsonb_build_object(
      'id', r.id, 'external_id', r.external_id, 'name', r.name, 'resource_type', r.resource_type,
      'provider', r.provider, 'region', r.region, 'status', r.status, 'tags', r.tags,
      'source', r.source, 'address', r.address, 'last_seen_at', r.last_seen_at, 'created_at', r.created_at
    ))
    from public.resources r
    where r.organization_id = organization and r.external_id = p_snapshots -> 0 ->> 'external_id'
  ) end;
end
$$;

grant execute on function
  public.plan_import(jsonb, text, text, text, text[]),
  public.apply_import(jsonb, jsonb, jsonb, text, text)
to authenticated;
