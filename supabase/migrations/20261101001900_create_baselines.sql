-- Baselines: how a resource should be. The newest is current; older ones are its history.
create table public.baselines (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  resource_id bigint not null references public.resources (id) on delete cascade,
  -- Expected: what a document says it should be, or the safe state of a resource that appeared dangerous.
  origin text not null check (origin in ('first_snapshot', 'expected', 'promoted')),
  is_current boolean not null default true,
  configuration jsonb not null check (jsonb_typeof(configuration) = 'object'),
  tags jsonb not null default '{}' check (jsonb_typeof(tags) = 'object'),
  fingerprint text check (fingerprint ~ '^[0-9a-f]{64}$'),
  created_by bigint references public.profiles (id) on delete set null,
  created_at timestamptz not null default now()
);

create index baselines_organization_id_id_idx on public.baselines (organization_id, id);
create index baselines_resource_id_id_idx on public.baselines (resource_id, id);
create index baselines_created_by_idx on public.baselines (created_by);
create unique index baselines_one_current_idx on public.baselines (resource_id) where is_current;

insert into private.addressable_tables (name) values ('baselines');

alter table public.baselines enable row level security;
-- Written by the functions below and by imports only: a baseline always comes from a capture.
grant select on public.baselines to authenticated;

create policy "members can read their organization's baselines" on public.baselines
  for select to authenticated
  using (organization_id = (select private.organization_where('resources:read')));

-- The first capture of a resource becomes its baseline.
create function private.make_first_baselines(p_organization_id bigint, p_resource_ids bigint[]) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  insert into public.baselines (organization_id, resource_id, origin, configuration, tags, fingerprint, created_by)
  select r.organization_id, r.id, 'first_snapshot', r.configuration, r.tags, r.fingerprint, private.profile_id()
  from public.resources r
  where r.organization_id = p_organization_id and r.id = any (p_resource_ids)
    and not exists (select from public.baselines b where b.resource_id = r.id)
$$;

-- How new resources should be, where it is known: snapshots with `expected` as `{configuration, tags, fingerprint}`.
create function private.make_expected_baselines(p_organization_id bigint, p_snapshots jsonb) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  insert into public.baselines (organization_id, resource_id, origin, configuration, tags, fingerprint, created_by)
  select
    r.organization_id, r.id, 'expected', s -> 'expected' -> 'configuration',
    coalesce(s -> 'expected' -> 'tags', '{}'), s -> 'expected' ->> 'fingerprint', private.profile_id()
  from jsonb_array_elements(p_snapshots) s
  join public.resources r on r.organization_id = p_organization_id and r.external_id = s ->> 'external_id'
  where s ? 'expected' and not exists (select from public.baselines b where b.resource_id = r.id)
$$;

-- Makes a resource's last capture its baseline; its open drifts are accepted. No row where there is no resource.
create function private.promote(p_organization_id bigint, p_resource_id bigint) returns setof public.baselines
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  accepted bigint;
  critical bigint;
begin
  perform private.take_event_turn(p_organization_id);
  perform from public.resources r
  where r.id = p_resource_id and r.organization_id = p_organization_id for update;
  if not found then
    return;
  end if;
  select count(*), count(*) filter (where d.severity = 'critical') into accepted, critical
  from public.drifts d where d.resource_id = p_resource_id and d.status <> 'resolved';
  if accepted > 0 then
    -- To accept drifts is to resolve them.
    perform private.require_permissions(array['drifts:write']);
    perform private.audit(
      p_organization_id, 'drift.accepted', 'resource', p_resource_id::text,
      jsonb_build_object('drifts', accepted, 'critical', critical)
    );
  end if;
  update public.baselines set is_current = false where resource_id = p_resource_id and is_current;
  perform private.close_drifts(p_organization_id, array[p_resource_id], 'accepted');
  return query
  insert into public.baselines (organization_id, resource_id, origin, configuration, tags, fingerprint, created_by)
  select r.organization_id, r.id, 'promoted', r.configuration, r.tags, r.fingerprint, private.profile_id()
  from public.resources r where r.id = p_resource_id
  returning *;
end
$$;

create function public.promote_baseline(p_resource_id bigint) returns setof public.baselines
  language sql volatile security definer
  set search_path = ''
as $$ select * from private.promote(private.organization_for('resources:write'), p_resource_id) $$;

-- Removes a baseline; its resource keeps at least one. Returns the resource when another baseline became current,
-- 0 when none did, null where there is no such baseline.
create function public.delete_baseline(p_id bigint) returns bigint
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for('resources:write');
  doomed public.baselines;
begin
  perform private.take_event_turn(organization);
  select b.* into doomed from public.baselines b where b.id = p_id and b.organization_id = organization for update;
  if not found then
    return null;
  end if;
  if not exists (select from public.baselines b where b.resource_id = doomed.resource_id and b.id <> p_id) then
    raise sqlstate 'PT422' using message = 'You can''t delete a resource''s last baseline.';
  end if;
  delete from public.baselines where id = p_id;
  if not doomed.is_current then
    return 0;
  end if;
  update public.baselines set is_current = true
  where id = (select max(b.id) from public.baselines b where b.resource_id = doomed.resource_id);
  return doomed.resource_id;
end
$$;

grant execute on function
  public.promote_baseline(bigint),
  public.delete_baseline(bigint)
to authenticated;
