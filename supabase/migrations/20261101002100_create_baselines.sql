-- Baselines: how a resource should be. The newest is current; older ones are its history.
create table public.baselines (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  resource_id bigint not null references public.resources (id) on delete cascade,
  origin text not null check (origin in ('first_snapshot', 'promoted')),
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

alter table public.baselines enable row level security;
revoke all on public.baselines from anon, authenticated, service_role;
-- Written by the functions below and by imports only: a baseline always comes from a capture.
grant select on public.baselines to authenticated;

create policy "members can read their organization's baselines" on public.baselines
  for select to authenticated
  using (
    organization_id = (select private.organization_id())
    and (select private.has_permission('resources:read'))
  );
