-- A profile is a person with a whole-number id; a trigger on auth.users makes and keeps it.
create table public.profiles (
  id bigint generated always as identity primary key,
  auth_user_id uuid not null unique references auth.users (id) on delete cascade,
  email text not null,
  full_name text check (length(full_name) between 1 and 100),
  -- The active organization of sessions; keys have their own.
  organization_id bigint references public.organizations (id) on delete set null,
  created_at timestamptz not null default now()
);

create index profiles_organization_id_idx on public.profiles (organization_id);
create index profiles_email_idx on public.profiles (lower(email));

alter table public.profiles enable row level security;
revoke all on public.profiles from anon, authenticated, service_role;

-- When a person without a session in their tokens signs out, older tokens of theirs end here.
create table private.token_cutoffs (
  user_id uuid primary key references auth.users (id) on delete cascade,
  not_before timestamptz not null
);
