-- Organizations are the tenants: every other row belongs to exactly one.
create table public.organizations (
  id bigint generated always as identity primary key,
  name text not null check (name = btrim(name) and length(name) between 1 and 100),
  created_at timestamptz not null default now()
);

alter table public.organizations enable row level security;
grant select on public.organizations to authenticated;

create policy "members can read their active organization" on public.organizations
  for select to authenticated
  using (id = (select private.organization_id()));
