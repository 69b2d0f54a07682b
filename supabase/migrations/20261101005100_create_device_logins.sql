-- Signing in a command by the browser (RFC 8628): the command shows a code, a signed-in person approves it.
create table private.device_logins (
  -- SHA-256 of each code; the device code has 256 random bits, the user code lives ten minutes and is limited.
  device_hash bytea primary key check (length(device_hash) = 32),
  user_hash bytea not null unique check (length(user_hash) = 32),
  -- What the page shows of who asks, as they told it and as the server saw it.
  machine text not null check (length(machine) between 1 and private.limit_of('label_characters')),
  address inet,
  user_agent text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + private.lasting('device_code_seconds'),
  last_polled_at timestamptz,
  interval_seconds integer not null default 5,
  denied_at timestamptz,
  approved_at timestamptz,
  profile_id bigint references public.profiles (id) on delete cascade,
  organization_id bigint references public.organizations (id) on delete cascade,
  scopes text[],
  taken_at timestamptz
);

create index device_logins_expires_at_idx on private.device_logins (expires_at);
create index device_logins_profile_id_idx on private.device_logins (profile_id);
create index device_logins_organization_id_idx on private.device_logins (organization_id);

-- Wrong user codes of a person: after five, none of theirs is looked at for ten minutes.
create table private.wrong_device_codes (
  id bigint generated always as identity primary key,
  profile_id bigint not null references public.profiles (id) on delete cascade,
  tried_at timestamptz not null default clock_timestamp()
);

create index wrong_device_codes_profile_id_idx on private.wrong_device_codes (profile_id, tried_at);

-- Begins one. Counts against the address.
-- @returns {} or {retry_after_seconds}
create function public.begin_device_login(
  p_device_hash text, p_user_hash text, p_machine text, p_address inet default null, p_limit integer default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  taken record;
begin
  if p_limit is not null and p_address is not null then
    select * into taken
    from private.take_from_bucket('device:' || private.address_bucket(p_address), p_limit, 60);
    if not taken.allowed then
      return jsonb_build_object('retry_after_seconds', taken.reset_seconds);
    end if;
  end if;
  delete from private.device_logins where device_hash in (
    select device_hash from private.device_logins
    where expires_at < now() - interval '1 hour' limit 20 for update skip locked
  );
  insert into private.device_logins (device_hash, user_hash, machine, address, user_agent)
  values (
    decode(p_device_hash, 'hex'), decode(p_user_hash, 'hex'), p_machine,
    private.as_address(private.request_fact('address')), left(private.request_fact('user_agent'), 400)
  );
  return '{}'::jsonb;
end
$$;

-- The waiting login of a user code, for a person in a session; counts wrong codes.
create function private.find_device_login(p_user_hash text) returns private.device_logins
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  who private.principal := private.session_principal('approve a sign-in');
  login private.device_logins;
begin
  if who.organization_id is null then
    raise insufficient_privilege using message = 'only a member of an organization may approve a sign-in';
  end if;
  if (
    select count(*) from private.wrong_device_codes w
    where w.profile_id = who.profile_id and w.tried_at > clock_timestamp() - private.lasting('device_code_seconds')
  ) >= private.limit_of('device_wrong_codes') then
    raise sqlstate 'PT429' using message = 'Too many wrong codes; try again in ten minutes.', hint = private.limit_of('device_code_seconds')::text;
  end if;
  select d.* into login from private.device_logins d
  where d.user_hash = decode(p_user_hash, 'hex') and d.expires_at > now()
    and d.approved_at is null and d.denied_at is null
  for update;
  return login;
end
$$;

-- Notes a wrong code. A function of its own, for a refusal would undo what it notes.
create function private.note_wrong_device_code() returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  delete from private.wrong_device_codes where tried_at < now() - interval '1 day';
  insert into private.wrong_device_codes (profile_id) values (private.profile_id());
end
$$;

-- What the page shows before anybody approves: who asks, from where, since when. Null where the code is wrong.
create function public.look_at_device_login(p_user_hash text) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  login private.device_logins := private.find_device_login(p_user_hash);
begin
  if login.device_hash is null then
    perform private.note_wrong_device_code();
    return null;
  end if;
  return jsonb_build_object(
    'machine', login.machine, 'address', host(login.address), 'user_agent', login.user_agent,
    'created_at', login.created_at, 'expires_at', login.expires_at,
    'scopes', to_jsonb(private.default_key_scopes()), 'key_name', 'infraudit on ' || login.machine
  );
end
$$;

-- Approves or denies it. False where the code is wrong, used or too old.
create function public.settle_device_login(p_user_hash text, p_is_approved boolean) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  login private.device_logins := private.find_device_login(p_user_hash);
  who private.principal := private.current_principal();
  cap_fault text;
begin
  if login.device_hash is null then
    perform private.note_wrong_device_code();
    return false;
  end if;
  if p_is_approved then
    perform private.require_permissions(array['api_keys:write']);
    -- Somebody who may read only can still look from a terminal: what they may make keys with decides.
    perform private.require_recent_sign_in();
    -- Said here, where a person reads it, and not to the command that comes for the key.
    cap_fault := private.key_cap_fault(who.organization_id, who.profile_id);
    if cap_fault is not null then
      raise sqlstate 'PT422' using message = cap_fault;
    end if;
    update private.device_logins d set
      approved_at = now(), profile_id = who.profile_id, organization_id = who.organization_id,
      scopes = private.default_key_scopes()
    where d.device_hash = login.device_hash;
  else
    update private.device_logins d set denied_at = now() where d.device_hash = login.device_hash;
  end if;
  perform private.audit(
    who.organization_id, case when p_is_approved then 'device_login.approved' else 'device_login.denied' end,
    'user', who.profile_id::text,
    jsonb_build_object('machine', login.machine, 'asked_from', host(login.address))
  );
  return true;
end
$$;

-- A poll of the command. The row's lock lets one of many at once take the key.
-- @returns {fault}: unknown, authorization_pending, slow_down, access_denied, expired_token; or {scopes, expires_at}
create function public.take_device_key(p_device_hash text, p_prefix text, p_hashes jsonb) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  login private.device_logins;
  maker public.member_role;
  key public.api_keys;
  is_too_soon boolean;
begin
  select d.* into login from private.device_logins d where d.device_hash = decode(p_device_hash, 'hex') for update;
  if not found or login.taken_at is not null then
    return '{"fault": "unknown"}'::jsonb;
  end if;
  if login.expires_at <= now() then
    return '{"fault": "expired_token"}'::jsonb;
  end if;
  if login.denied_at is not null then
    return '{"fault": "access_denied"}'::jsonb;
  end if;
  is_too_soon := login.last_polled_at > clock_timestamp() - make_interval(secs => login.interval_seconds - 0.5);
  update private.device_logins d set
    last_polled_at = clock_timestamp(),
    interval_seconds = least(d.interval_seconds + case when is_too_soon then 5 else 0 end, 60)
  where d.device_hash = login.device_hash;
  if is_too_soon then
    return '{"fault": "slow_down"}'::jsonb;
  end if;
  if login.approved_at is null then
    return '{"fault": "authorization_pending"}'::jsonb;
  end if;

  select m.role into maker
  from public.memberships m join private.living_people p on p.id = m.profile_id
  where m.organization_id = login.organization_id and m.profile_id = login.profile_id;
  if maker is null or private.key_cap_fault(login.organization_id, login.profile_id) is not null then
    return '{"fault": "access_denied"}'::jsonb;
  end if;
  update private.device_logins d set taken_at = now() where d.device_hash = login.device_hash;
  insert into public.api_keys (organization_id, created_by, name, prefix, scopes, expires_at)
  values (
    login.organization_id, login.profile_id, 'infraudit on ' || login.machine, p_prefix, login.scopes,
    now() + private.lasting('api_key_default_days')
  )
  returning * into key;
  insert into private.api_key_hashes (api_key_id, pepper_version, hash)
  select key.id, given.key::smallint, decode(given.value, 'hex') from jsonb_each_text(p_hashes) given;
  return jsonb_build_object('scopes', to_jsonb(key.scopes), 'expires_at', key.expires_at);
end
$$;

grant execute on function
  public.look_at_device_login(text), public.settle_device_login(text, boolean)
to authenticated;
grant execute on function
  public.begin_device_login(text, text, text, inet, integer), public.take_device_key(text, text, jsonb)
to service_role;
