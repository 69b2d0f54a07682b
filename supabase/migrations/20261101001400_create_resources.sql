-- Resources: the pieces of infrastructure that are watched, with their last known configuration.
create table public.resources (
  id bigint generated always as identity primary key,
  organization_id bigint not null default private.organization_id()
    references public.organizations (id) on delete cascade,
  external_id text not null check (length(external_id) between 1 and private.limit_of('external_id_characters')),
  name text not null check (length(name) between 1 and private.limit_of('resource_name_characters')),
  resource_type text not null check (length(resource_type) between 1 and private.limit_of('resource_type_characters')),
  provider text not null check (length(provider) between 1 and private.limit_of('provider_characters')),
  region text check (length(region) between 1 and private.limit_of('region_characters')),
  -- What a search looks through.
  search_text text not null generated always as (lower(name || ' ' || external_id)) stored,
  status text not null default 'active' check (status in ('active', 'stopped', 'deleted')),
  tags jsonb not null default '{}' check (jsonb_typeof(tags) = 'object'),
  configuration jsonb not null default '{}' check (jsonb_typeof(configuration) = 'object'),
  captured_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  -- The state or pipeline that a resource was last seen in; a full picture of it marks what is missing.
  source text check (length(source) between 1 and private.limit_of('source_characters')),
  -- What the tool that manages it calls it, and who changed it last, where its document says so.
  address text check (length(address) between 1 and private.limit_of('address_characters')),
  changed_by text check (length(changed_by) between 1 and private.limit_of('changed_by_characters')),
  changed_at timestamptz,
  -- Hash of the canonical configuration and tags; null until they have been looked at.
  fingerprint text check (fingerprint ~ '^[0-9a-f]{64}$'),
  -- Grows with every change of what is compared, so that a judgement of an older capture is refused.
  revision bigint not null default 1,
  unique (organization_id, external_id)
);

create index resources_organization_id_id_idx on public.resources (organization_id, id);
create index resources_organization_id_source_idx on public.resources (organization_id, source);

insert into private.addressable_tables (name) values ('resources');

alter table public.resources enable row level security;
grant select, delete on public.resources to authenticated;
-- New resources, and what is known of them, come from imports alone; people name, place and tag.
grant update (name, region, status, tags) on public.resources to authenticated;

create policy "members can read their organization's resources" on public.resources
  for select to authenticated
  using (organization_id = (select private.organization_where('resources:read', or_writing => 'resources:write')));

create policy "writers can change their organization's resources" on public.resources
  for update to authenticated
  using (organization_id = (select private.organization_where('resources:write')))
  with check (organization_id = (select private.organization_where('resources:write')) and (select private.is_vouched()));

create policy "writers can remove their organization's resources" on public.resources
  for delete to authenticated
  using (organization_id = (select private.organization_where('resources:write')) and (select private.is_vouched()));

create function private.note_capture() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  new.revision := old.revision + 1;
  -- A change to a capture without judging it leaves an unjudged capture. Only imports judge:
  -- no caller can set this switch.
  if coalesce(current_setting('infraaudit.judging', true), '') <> 'on' then
    new.fingerprint := null;
  end if;
  return new;
end
$$;

create trigger note_capture
  before update of configuration, tags, resource_type on public.resources
  for each row when (
    old.configuration is distinct from new.configuration
    or old.tags is distinct from new.tags
    or old.resource_type is distinct from new.resource_type
  )
  execute function private.note_capture();

-- With a resource go its drifts: that they are gone is told.
create function private.audit_resource_removal() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  -- Nothing is left to write into when the whole organization goes.
  if exists (select from public.organizations o where o.id = old.organization_id) then
    perform private.audit(
      old.organization_id, 'resource.deleted', 'resource', old.id::text,
      jsonb_build_object(
        'name', old.name,
        'external_id', old.external_id,
        'open_drifts', (select count(*) from public.drifts d where d.resource_id = old.id and d.status <> 'resolved')
      )
    );
  end if;
  return old;
end
$$;

create trigger audit_resource_removal
  before delete on public.resources
  for each row execute function private.audit_resource_removal();

-- Changes the fields that are sent; no row where there is none to change.
create function public.update_resource(p_id bigint, p_changes jsonb) returns setof public.resources
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  return query
  update public.resources r set
    name = coalesce(p_changes ->> 'name', r.name),
    region = case when p_changes ? 'region' then p_changes ->> 'region' else r.region end,
    status = coalesce(p_changes ->> 'status', r.status),
    tags = coalesce(p_changes -> 'tags', r.tags)
  where r.id = p_id
  returning r.*;
end
$$;

-- Removes a resource; false where there is none to remove.
create function public.delete_resource(p_id bigint) returns boolean
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  perform private.require_permissions(array['resources:write']);
  perform private.require_vouched();
  delete from public.resources where id = p_id;
  return found;
end
$$;

grant execute on function
  public.update_resource(bigint, jsonb),
  public.delete_resource(bigint)
to authenticated;
