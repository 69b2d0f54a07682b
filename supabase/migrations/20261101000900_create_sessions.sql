-- What is kept of sessions beside Supabase Auth's own rows: when they began, how fresh a sign-in key administration
-- asks for, and which refresh tokens are spent.

-- Sessions that began and are not in the log yet. The functions record those that began through them with
-- the request's facts; what was begun at Supabase Auth directly is recorded with what Auth knew, when somebody reads
-- the log.
create table private.session_starts (
  session_id uuid primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  started_at timestamptz not null default clock_timestamp(),
  address inet,
  user_agent text
);

create index session_starts_user_id_idx on private.session_starts (user_id);

create function private.note_session_start() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  insert into private.session_starts (session_id, user_id, address, user_agent)
  values (new.id, new.user_id, private.as_address(new.ip::text), left(new.user_agent, 400));
  return null;
end
$$;

create trigger note_session_start
  after insert on auth.sessions
  for each row execute function private.note_session_start();

-- Where a person's sessions act: the organization whose log tells of their signing in.
create function private.home_organization_id(p_user_id uuid) returns bigint
  language sql stable security definer
  set search_path = ''
as $$
  select m.organization_id
  from public.profiles p join public.memberships m on m.profile_id = p.id
  where p.auth_user_id = p_user_id
  order by (m.organization_id = p.organization_id) desc nulls last, m.organization_id
  limit 1
$$;

create function private.append_session_start(p_start private.session_starts, p_request_id text) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  event public.audit_events;
begin
  event.organization_id := private.home_organization_id(p_start.user_id);
  if event.organization_id is null then
    return;
  end if;
  event.action := 'session.started';
  select p.id, p.email into event.actor_id, event.actor_email
  from public.profiles p where p.auth_user_id = p_start.user_id;
  event.credential_type := 'session';
  event.credential_id := p_start.session_id;
  event.target_type := 'user';
  event.target_id := event.actor_id;
  event.address := p_start.address;
  event.user_agent := p_start.user_agent;
  event.request_id := p_request_id;
  event.details := jsonb_build_object('started_at', p_start.started_at);
  perform private.append_audit_event(event);
end
$$;

-- Records a session that the functions have just begun for somebody.
create function public.record_session_start(p_session_id uuid) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  start private.session_starts;
begin
  delete from private.session_starts s where s.session_id = p_session_id returning s.* into start;
  if found then
    start.address := private.as_address(private.request_fact('address'));
    start.user_agent := private.request_fact('user_agent');
    perform private.append_session_start(start, private.request_fact('request_id'));
  end if;
end
$$;

-- Records the sessions of the caller's team that were begun at Supabase Auth directly. Young ones are left: the
-- function that began one may be about to record it.
create function public.settle_session_starts() returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_id();
  start private.session_starts;
begin
  perform private.require_permissions(array['audit:read']);
  for start in
    delete from private.session_starts s
    where s.session_id in (
      select waiting.session_id
      from private.session_starts waiting
      join public.profiles p on p.auth_user_id = waiting.user_id
      join public.memberships m on m.profile_id = p.id and m.organization_id = organization
      where waiting.started_at < clock_timestamp() - interval '10 seconds'
        and private.home_organization_id(waiting.user_id) = organization
      order by waiting.started_at
      -- A statement must end in time, however long the log went unread.
      limit 1000
      for update of waiting skip locked
    )
    returning s.*
  loop
    perform private.append_session_start(start, null);
  end loop;
end
$$;

-- Records a refused sign-in where the email address is somebody's; no actor is proved.
create function public.record_refused_sign_in(p_email text) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  person public.profiles;
  organization bigint;
begin
  select p.* into person from public.profiles p where lower(p.email) = lower(btrim(p_email));
  organization := private.home_organization_id(person.auth_user_id);
  if organization is not null then
    perform private.audit(
      organization, 'session.refused', 'user', person.id::text, jsonb_build_object('email', person.email)
    );
  end if;
end
$$;

-- The deployment's rule for key administration, written from the functions' environment. Here and not only there,
-- because a session's token works at the Data API too.
create table private.key_policy (
  only_row boolean primary key default true check (only_row),
  -- How long ago a session may have signed in to make, rotate or widen keys; null is any time.
  max_auth_age_seconds integer check (max_auth_age_seconds > 0)
);

create function public.set_key_policy(p_max_auth_age_seconds integer default null) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.key_policy as policy (max_auth_age_seconds) values (p_max_auth_age_seconds)
  on conflict (only_row) do update set max_auth_age_seconds = excluded.max_auth_age_seconds
  where policy.max_auth_age_seconds is distinct from excluded.max_auth_age_seconds
$$;

-- When the bearer of the current access token last proved who they are: the newest `amr` time, null when none is told.
create function private.authenticated_at() returns timestamptz
  language sql stable
  set search_path = ''
as $$
  select to_timestamp(max((method ->> 'timestamp')::double precision))
  from jsonb_array_elements(
    case when jsonb_typeof(auth.jwt() -> 'amr') = 'array' then auth.jwt() -> 'amr' else '[]' end
  ) method
  where jsonb_typeof(method) = 'object' and jsonb_typeof(method -> 'timestamp') = 'number'
$$;

-- Raises when the deployment asks sessions for a recent sign-in and this one is older, or doesn't say.
create function private.require_recent_sign_in() returns void
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  max_age interval := (select make_interval(secs => p.max_auth_age_seconds) from private.key_policy p);
begin
  if max_age is not null and private.is_session()
    and coalesce(private.authenticated_at() < now() - max_age, true) then
    raise insufficient_privilege using
      message = 'a recent sign-in is needed to administer keys', hint = 'reauthentication';
  end if;
end
$$;

-- Supabase Auth takes a refresh token a second time while its successor is unused. Through this API a token is
-- good once: what was exchanged here is remembered by its hash.
create table private.spent_refresh_tokens (
  hash bytea primary key check (length(hash) = 32),
  spent_at timestamptz not null default now()
);

create index spent_refresh_tokens_spent_at_idx on private.spent_refresh_tokens (spent_at);

-- True for the first who spends a token (`p_hash`: its SHA-256 in hex), false for everybody after.
create function public.spend_refresh_token(p_hash text) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_is_first boolean;
begin
  insert into private.spent_refresh_tokens (hash) values (decode(p_hash, 'hex')) on conflict do nothing;
  v_is_first := found;
  -- After a month the token's family has long moved on, and Auth refuses it by itself.
  if random() < 0.01 then
    delete from private.spent_refresh_tokens where hash in (
      select hash from private.spent_refresh_tokens
      where spent_at < now() - interval '30 days' limit 100 for update skip locked
    );
  end if;
  return v_is_first;
end
$$;

grant execute on function public.settle_session_starts() to authenticated;

-- What the functions note, with the service key; the policy is the deployment's.
grant execute on function
  public.record_session_start(uuid),
  public.record_refused_sign_in(text),
  public.set_key_policy(integer),
  public.spend_refresh_token(text)
to service_role;
