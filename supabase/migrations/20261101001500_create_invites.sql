-- Invitations: an email address may join with a role, for seven days, once. The token's hash lives in `private`.
create table public.invites (
  id bigint generated always as identity primary key,
  organization_id bigint not null default private.organization_id()
    references public.organizations (id) on delete cascade,
  email text not null check (
    email = lower(btrim(email)) and length(email) between 3 and private.limit_of('email_characters')
  ),
  role public.member_role not null,
  invited_by bigint default private.profile_id() references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + private.lasting('invite_days'),
  accepted_at timestamptz,
  cancelled_at timestamptz
);

create unique index invites_open_email_key on public.invites (organization_id, email)
  where accepted_at is null and cancelled_at is null;
create index invites_organization_id_id_idx on public.invites (organization_id, id);
create index invites_invited_by_idx on public.invites (invited_by);

create table private.invite_tokens (
  invite_id bigint primary key references public.invites (id) on delete cascade,
  hash bytea not null unique check (length(hash) = 32)
);

insert into private.addressable_tables (name) values ('invites');

alter table public.invites enable row level security;
grant select on public.invites to authenticated;
grant insert (email, role) on public.invites to authenticated;
grant update (expires_at, cancelled_at) on public.invites to authenticated;

create policy "members can read their organization's invitations" on public.invites
  for select to authenticated
  using (organization_id = (select private.organization_where('team:read', or_writing => 'team:write')));

create policy "team writers can invite with roles up to their own" on public.invites
  for insert to authenticated
  with check (
    organization_id = (select private.organization_where('team:write'))
    and role <= (select private.own_role())
  );

create policy "team writers can renew and cancel invitations up to their role" on public.invites
  for update to authenticated
  using (
    organization_id = (select private.organization_where('team:write'))
    and role <= (select private.own_role())
  )
  with check (
    organization_id = (select private.organization_where('team:write'))
    and role <= (select private.own_role())
  );

-- What was accepted or cancelled stays so; times are the database's, and the renewer answers for it.
create function private.guard_invite() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if old.accepted_at is not null or old.cancelled_at is not null then
    raise sqlstate 'PT422' using message = format(
      'This invitation was %s before.', case when old.accepted_at is null then 'cancelled' else 'accepted' end
    );
  end if;
  if new.cancelled_at is not null then
    new.cancelled_at := now();
  elsif new.accepted_at is null and new.expires_at is distinct from old.expires_at then
    new.expires_at := now() + private.lasting('invite_days');
    new.invited_by := private.profile_id();
  end if;
  return new;
end
$$;

create trigger guard_invite
  before update of expires_at, accepted_at, cancelled_at on public.invites
  for each row execute function private.guard_invite();

create function private.audit_invite() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform private.audit(
    new.organization_id,
    case
      when tg_op = 'INSERT' then 'invite.created'
      when new.accepted_at is not null then 'invite.accepted'
      when new.cancelled_at is not null then 'invite.cancelled'
      else 'invite.resent'
    end,
    'invite', new.id::text, jsonb_build_object('email', new.email, 'role', new.role)
  );
  return null;
end
$$;

create trigger audit_invite
  after insert or update of expires_at, accepted_at, cancelled_at on public.invites
  for each row execute function private.audit_invite();

create function private.invite_status(p_invite public.invites) returns text
  language sql stable
  set search_path = ''
as $$
  select case
    when p_invite.accepted_at is not null then 'accepted'
    when p_invite.cancelled_at is not null then 'cancelled'
    when p_invite.expires_at <= now() then 'expired'
    else 'pending'
  end
$$;

create view public.invite_overview with (security_invoker = true) as
select
  i.id,
  i.email,
  i.role,
  private.invite_status(i) as status,
  private.person(i.invited_by) as invited_by,
  i.created_at,
  i.expires_at,
  i.accepted_at,
  i.cancelled_at
from public.invites i;
grant select on public.invite_overview to authenticated;

grant execute on function private.invite_status(public.invites) to authenticated;
