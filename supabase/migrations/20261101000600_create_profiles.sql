-- A profile is a person with a whole-number id; a trigger on auth.users makes and keeps it.
create table public.profiles (
  id bigint generated always as identity primary key,
  auth_user_id uuid not null unique references auth.users (id) on delete cascade,
  email text not null,
  full_name text check (length(full_name) between 1 and private.limit_of('name_characters')),
  -- The active organization of sessions; keys have their own.
  organization_id bigint references public.organizations (id) on delete set null,
  created_at timestamptz not null default now()
);

create index profiles_organization_id_idx on public.profiles (organization_id);
create index profiles_email_idx on public.profiles (lower(email));

alter table public.profiles enable row level security;
grant select on public.profiles to authenticated;
grant update (full_name, organization_id) on public.profiles to authenticated;

-- People who may act: neither banned nor deleted, and somebody rather than Supabase Auth's anonymous visitor.
create view private.living_people as
select p.*
from public.profiles p
join auth.users u on u.id = p.auth_user_id
where u.deleted_at is null and not u.is_anonymous and (u.banned_until is null or u.banned_until <= now());

-- Memberships come after the people they are about, so these two bind to them when first called (plpgsql).
create function private.my_organization_ids() returns setof bigint
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  return query
  select m.organization_id from public.memberships m where m.profile_id = (select private.profile_id());
end
$$;

-- The people whom the caller may see as a member of the team.
create function private.colleague_ids() returns setof bigint
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  return query
  select m.profile_id from public.memberships m
  where m.organization_id = (select private.organization_where('team:read', or_writing => 'team:write'));
end
$$;

create policy "people can read themselves" on public.profiles
  for select to authenticated
  using (id = (select private.profile_id()));

create policy "members can read their colleagues" on public.profiles
  for select to authenticated
  using (id in (select private.colleague_ids()));

create policy "people can change themselves in a session" on public.profiles
  for update to authenticated
  using (id = (select private.profile_id()) and (select private.is_session()))
  with check (
    id = (select private.profile_id())
    and (select private.is_session())
    -- Null is the way of somebody who belongs nowhere any more.
    and (organization_id is null or organization_id in (select private.my_organization_ids()))
  );

-- Makes a person's organization, profile and owner membership; nothing for one who has a profile.
create function private.welcome(p_user auth.users) returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  organization bigint;
  profile bigint;
  given_name text := left(nullif(btrim(p_user.raw_user_meta_data ->> 'full_name'), ''), 100);
  given_organization text := left(nullif(btrim(p_user.raw_user_meta_data ->> 'organization_name'), ''), 100);
  address text := coalesce(p_user.email, p_user.phone, '');
begin
  if exists (select from public.profiles p where p.auth_user_id = p_user.id) then
    return;
  end if;
  insert into public.organizations (name)
  values (btrim(coalesce(given_organization, left(coalesce(given_name, nullif(split_part(address, '@', 1), ''), 'New'), 80) || '''s organization')))
  returning id into organization;

  insert into public.profiles (auth_user_id, email, full_name, organization_id)
  values (p_user.id, address, btrim(given_name), organization)
  returning id into profile;

  insert into public.memberships (organization_id, profile_id, role) values (organization, profile, 'owner');
end
$$;

-- Signing up does it, in the transaction of the sign-up itself; an anonymous visitor comes to it on becoming somebody.
create function private.welcome_new_user() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform private.welcome(new);
  return new;
end
$$;

create trigger welcome_new_user
  after insert or update of is_anonymous on auth.users
  for each row when (not new.is_anonymous)
  execute function private.welcome_new_user();

create function private.follow_email_change() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  update public.profiles set email = coalesce(new.email, '') where auth_user_id = new.id;
  return new;
end
$$;

create trigger follow_email_change
  after update of email on auth.users
  for each row when (old.email is distinct from new.email)
  execute function private.follow_email_change();

-- Who made something the caller may see, also where the caller may not list the team.
create function private.person(p_profile_id bigint) returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select jsonb_build_object('id', p.id, 'email', p.email) from public.profiles p where p.id = p_profile_id
$$;

-- A person changes their own name, or the organization that their sessions act in.
create function public.update_me(p_changes jsonb) returns boolean
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  update public.profiles p set
    full_name = coalesce(p_changes ->> 'full_name', p.full_name),
    organization_id = coalesce((p_changes ->> 'organization_id')::bigint, p.organization_id)
  where p.id = private.profile_id();
  if not found then
    raise insufficient_privilege using message = 'only a signed-in session may change its person';
  end if;
  return true;
end
$$;

-- The organizations that a signed-in person may switch to; nothing for a key, which has one of its own. A function and
-- no policy, for a session and a key of one person see the same rows of every table.
create function public.my_organizations() returns table (id bigint, name text)
  language sql stable security definer
  set search_path = ''
as $$
  select o.id, o.name from public.organizations o
  where o.id in (select private.my_organization_ids()) and (select private.is_session())
  order by o.name, o.id
$$;

grant execute on function
  private.my_organization_ids(),
  private.colleague_ids(),
  private.person(bigint),
  public.update_me(jsonb),
  public.my_organizations()
to authenticated;
