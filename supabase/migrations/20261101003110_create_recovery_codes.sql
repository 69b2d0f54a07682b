-- Recovery codes stand in for a lost device: one of them takes its owner's factors away, and a new one can be enrolled.
create table private.recovery_codes (
  user_id uuid not null references auth.users (id) on delete cascade,
  -- SHA-256 of the code; no slow hash, for a code has 80 random bits.
  hash bytea not null check (length(hash) = 32),
  used_at timestamptz,
  primary key (user_id, hash)
);

-- Codes of authenticator apps that were taken: none counts twice, whatever Supabase Auth says of it.
create table private.spent_totp_codes (
  user_id uuid not null references auth.users (id) on delete cascade,
  hash bytea not null check (length(hash) = 32),
  spent_at timestamptz not null default now(),
  primary key (user_id, hash)
);

create index spent_totp_codes_spent_at_idx on private.spent_totp_codes (spent_at);

-- People whose factors are being taken away by a recovery code: the one case in which a required factor may go.
create table private.recoveries (
  user_id uuid primary key references auth.users (id) on delete cascade,
  started_at timestamptz not null default now()
);

-- True for the first who spends a code, false for everybody after. A code lives two minutes at most.
create function public.spend_totp_code(p_user_id uuid, p_hash text) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_is_first boolean;
begin
  delete from private.spent_totp_codes where (user_id, hash) in (
    select user_id, hash from private.spent_totp_codes
    where spent_at < now() - interval '5 minutes' limit 100 for update skip locked
  );
  insert into private.spent_totp_codes (user_id, hash) values (p_user_id, decode(p_hash, 'hex'))
  on conflict do nothing;
  v_is_first := found;
  return v_is_first;
end
$$;

-- True when an organization of this person asks for a second factor.
create function private.must_have_second_factor(p_user_id uuid) returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select exists (
    select from public.profiles p
    join public.memberships m on m.profile_id = p.id
    join public.organizations o on o.id = m.organization_id
    where p.auth_user_id = p_user_id and o.require_mfa
  )
$$;

-- A person's factors as this API shows them.
create function public.second_factor_state(p_user_id uuid) returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'factors', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', f.id, 'name', nullif(f.friendly_name, ''), 'type', f.factor_type::text, 'created_at', f.created_at
      ) order by f.created_at), '[]')
      from auth.mfa_factors f where f.user_id = p_user_id and f.status::text = 'verified'
    ),
    'is_required', private.must_have_second_factor(p_user_id),
    'recovery_codes_left', (
      select count(*) from private.recovery_codes c where c.user_id = p_user_id and c.used_at is null
    )
  )
$$;

-- Replaces the caller's recovery codes (hex of SHA-256). Only for somebody who has just proved a second factor.
create function public.replace_recovery_codes(p_hashes text[]) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  who private.principal := private.session_principal('make recovery codes');
begin
  if who.aal is distinct from 'aal2' or cardinality(p_hashes) <> private.limit_of('recovery_codes') then
    raise sqlstate 'PT422' using message = 'Set up a second factor before you make recovery codes.';
  end if;
  delete from private.recovery_codes c where c.user_id = who.user_id;
  insert into private.recovery_codes (user_id, hash)
  select who.user_id, decode(given, 'hex') from unnest(p_hashes) given;
  perform private.audit(who.organization_id, 'mfa.recovery_codes_made', 'user', who.profile_id::text);
end
$$;

-- Uses up a recovery code. Its row's update lets one of many racing callers through.
-- @returns the ids of the factors that the functions are to remove now; null for a wrong or used code
create function public.redeem_recovery_code(p_user_id uuid, p_hash text) returns uuid[]
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  update private.recovery_codes c set used_at = now()
  where c.user_id = p_user_id and c.hash = decode(p_hash, 'hex') and c.used_at is null;
  if not found then
    return null;
  end if;
  insert into private.recoveries (user_id) values (p_user_id)
  on conflict (user_id) do update set started_at = excluded.started_at;
  return array(select f.id from auth.mfa_factors f where f.user_id = p_user_id and f.status::text = 'verified');
end
$$;

-- Whether the caller may remove this factor of theirs; Supabase Auth then removes it. Raises where not.
create function public.judge_factor_removal(p_factor_id uuid) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  who private.principal := private.session_principal('remove a second factor');
begin
  if not exists (select from auth.mfa_factors f where f.id = p_factor_id and f.user_id = who.user_id) then
    raise sqlstate 'PT404' using message = 'You don''t have this second factor.';
  end if;
  perform private.require_recent_sign_in();
  perform private.judge_last_factor(who.user_id, p_factor_id);
end
$$;

-- Raises where removing this factor would leave its owner without one that an organization asks for.
create function private.judge_last_factor(p_user_id uuid, p_factor_id uuid) returns void
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  if private.must_have_second_factor(p_user_id)
    and not exists (
      select from auth.mfa_factors f
      where f.user_id = p_user_id and f.id <> p_factor_id and f.status::text = 'verified'
    )
    and not exists (
      select from private.recoveries r
      where r.user_id = p_user_id and r.started_at > now() - interval '1 minute'
    ) then
    raise sqlstate 'PT422' using
      message = 'Your organization requires a second factor. Add another one before you remove your last.';
  end if;
end
$$;

create function private.keep_required_factor() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  -- Deleting the person cascades past this rule.
  if old.status::text = 'verified' and pg_trigger_depth() = 1 then
    perform private.judge_last_factor(old.user_id, old.id);
  end if;
  return old;
end
$$;

create trigger keep_required_factor
  before delete on auth.mfa_factors
  for each row execute function private.keep_required_factor();

create function private.audit_second_factor() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  factor auth.mfa_factors := case when tg_op = 'DELETE' then old else new end;
  organization bigint := private.home_organization_id(factor.user_id);
begin
  if factor.status::text = 'verified' and organization is not null and pg_trigger_depth() = 1 then
    perform private.audit_of_person(
      organization, factor.user_id, case when tg_op = 'DELETE' then 'mfa.removed' else 'mfa.enrolled' end,
      jsonb_build_object('type', factor.factor_type::text)
    );
  end if;
  return null;
end
$$;

-- Records what a person did at Supabase Auth, where no principal is known to Postgres.
create function private.audit_of_person(p_organization_id bigint, p_user_id uuid, p_action text, p_details jsonb)
  returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  event public.audit_events;
begin
  event.organization_id := p_organization_id;
  event.action := p_action;
  select p.id, p.email into event.actor_id, event.actor_email
  from public.profiles p where p.auth_user_id = p_user_id;
  event.target_type := 'user';
  event.target_id := event.actor_id;
  event.details := p_details;
  perform private.append_audit_event(event);
end
$$;

create trigger audit_second_factor
  after delete or update of status on auth.mfa_factors
  for each row execute function private.audit_second_factor();

grant execute on function public.replace_recovery_codes(text[]), public.judge_factor_removal(uuid) to authenticated;
grant execute on function
  public.spend_totp_code(uuid, text), public.second_factor_state(uuid), public.redeem_recovery_code(uuid, text)
to service_role;
