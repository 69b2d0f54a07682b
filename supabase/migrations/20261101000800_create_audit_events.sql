-- Who did what with which credential. Append-only, and hash-chained per organization: each event's hash
-- covers the one before it, so that a changed or missing event shows.
create table public.audit_events (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  sequence bigint not null,
  occurred_at timestamptz not null,
  action text not null,
  actor_id bigint,
  actor_email text,
  credential_type text check (credential_type in ('session', 'api_key')),
  credential_id text,
  target_type text,
  target_id text,
  address inet,
  user_agent text,
  request_id text,
  details jsonb not null,
  -- What tells who a person is can be erased one day, and the chain goes on: its hash covers these two digests, not the
  -- texts. Without its salt, which is erased with them, a digest can't be guessed at.
  actor_salt uuid,
  actor_digest bytea not null,
  subject_salt uuid,
  subject_digest bytea,
  previous_hash bytea not null,
  hash bytea not null,
  unique (organization_id, sequence)
);

create index audit_events_organization_id_id_idx on public.audit_events (organization_id, id);
create index audit_events_organization_id_occurred_at_idx on public.audit_events (organization_id, occurred_at);

-- To find what is to be erased of a person.
create index audit_events_actor_id_idx on public.audit_events (actor_id) where actor_salt is not null;
create index audit_events_subject_idx on public.audit_events ((details ->> 'email')) where subject_salt is not null;

alter table public.audit_events enable row level security;
grant select on public.audit_events to authenticated;

create policy "auditors can read their organization's audit log" on public.audit_events
  for select to authenticated
  using (organization_id = (select private.organization_where('audit:read')));

create view public.audit_log with (security_invoker = true) as
select
  e.id,
  e.sequence,
  e.occurred_at,
  e.action,
  e.actor_id,
  e.actor_email,
  e.credential_type,
  e.credential_id,
  e.target_type,
  e.target_id,
  host(e.address) as address,
  e.user_agent,
  e.request_id,
  e.details,
  encode(e.hash, 'hex') as hash
from public.audit_events e;
grant select on public.audit_log to authenticated;

-- The last link of each organization's chain; its row is also the lock that orders the events.
create table private.audit_heads (
  organization_id bigint primary key references public.organizations (id) on delete cascade,
  sequence bigint not null,
  hash bytea not null
);

-- The link before the oldest event that is kept, where retention has taken some away.
create table private.audit_tails (
  organization_id bigint primary key references public.organizations (id) on delete cascade,
  sequence bigint not null,
  hash bytea not null
);

-- What tells who acted, and from where; and whom it was about.
create function private.actor_digest(p_event public.audit_events) returns bytea
  language sql immutable
  set search_path = ''
as $$
  select sha256(convert_to(jsonb_build_array(
    p_event.actor_salt, p_event.actor_email, host(p_event.address), p_event.user_agent
  )::text, 'UTF8'))
$$;

create function private.subject_digest(p_event public.audit_events) returns bytea
  language sql immutable
  set search_path = ''
as $$
  select case when p_event.details ? 'email' then
    sha256(convert_to(jsonb_build_array(p_event.subject_salt, p_event.details -> 'email')::text, 'UTF8'))
  end
$$;

-- What an event's hash covers: the hash before it and every field, in one canonical text.
create function private.audit_hash(p_event public.audit_events) returns bytea
  language sql immutable
  set search_path = ''
as $$
  select sha256(convert_to(jsonb_build_array(
    encode(p_event.previous_hash, 'hex'),
    p_event.organization_id,
    p_event.sequence,
    extract(epoch from p_event.occurred_at),
    p_event.action,
    p_event.actor_id,
    encode(p_event.actor_digest, 'hex'),
    p_event.credential_type,
    p_event.credential_id,
    p_event.target_type,
    p_event.target_id,
    p_event.request_id,
    p_event.details - 'email',
    encode(p_event.subject_digest, 'hex')
  )::text, 'UTF8'))
$$;

-- The request's own facts: address, agent, request id. A direct caller of the Data API could write anything
-- into a header, so facts count only where the functions vouch for them: in the claim `request` of a token that
-- they signed for this one request, or in the headers of a call with the service key.
create function private.request_fact(p_name text) returns text
  language sql stable
  set search_path = ''
as $$
  select case
    when auth.jwt() ->> 'role' = 'service_role' then
      nullif(current_setting('request.headers', true), '')::jsonb ->> case p_name
        when 'address' then 'x-client-address'
        when 'user_agent' then 'x-client-user-agent'
        when 'request_id' then 'x-request-id'
      end
    else auth.jwt() -> 'request' ->> p_name
  end
$$;

-- Appends one event to an organization's chain, in the transaction of what it tells of.
create function private.append_audit_event(p_event public.audit_events) returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  head private.audit_heads;
  event public.audit_events := p_event;
begin
  insert into private.audit_heads (organization_id, sequence, hash)
  values (event.organization_id, 0, ''::bytea)
  on conflict (organization_id) do nothing;
  select h.* into head from private.audit_heads h where h.organization_id = event.organization_id for update;

  event.sequence := head.sequence + 1;
  event.previous_hash := head.hash;
  event.occurred_at := clock_timestamp();
  event.details := coalesce(event.details, '{}');
  event.user_agent := left(event.user_agent, 400);
  event.actor_salt := gen_random_uuid();
  event.actor_digest := private.actor_digest(event);
  event.subject_salt := case when event.details ? 'email' then gen_random_uuid() end;
  event.subject_digest := private.subject_digest(event);
  event.hash := private.audit_hash(event);

  insert into public.audit_events (
    organization_id, sequence, occurred_at, action, actor_id, actor_email, credential_type, credential_id,
    target_type, target_id, address, user_agent, request_id, details,
    actor_salt, actor_digest, subject_salt, subject_digest, previous_hash, hash
  ) values (
    event.organization_id, event.sequence, event.occurred_at, event.action, event.actor_id, event.actor_email,
    event.credential_type, event.credential_id, event.target_type, event.target_id, event.address,
    event.user_agent, event.request_id, event.details,
    event.actor_salt, event.actor_digest, event.subject_salt, event.subject_digest, event.previous_hash, event.hash
  );
  update private.audit_heads h set sequence = event.sequence, hash = event.hash
  where h.organization_id = event.organization_id;
end
$$;

-- Records what was just done to something of an organization: by the current principal where there is one,
-- by the system where there is none.
create function private.audit(
  p_organization_id bigint,
  p_action text,
  p_target_type text,
  p_target_id text,
  p_details jsonb default '{}'
) returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  who private.principal := private.current_principal();
  event public.audit_events;
begin
  event.organization_id := p_organization_id;
  event.action := p_action;
  if who.fault is null then
    event.actor_id := who.profile_id;
    event.actor_email := who.email;
    event.credential_type := case when who.api_key_id is null then 'session' else 'api_key' end;
    event.credential_id := coalesce(who.api_key_prefix, who.session_id::text);
  end if;
  event.target_type := p_target_type;
  event.target_id := p_target_id;
  event.address := private.as_address(private.request_fact('address'));
  event.user_agent := private.request_fact('user_agent');
  event.request_id := private.request_fact('request_id');
  event.details := p_details;
  perform private.append_audit_event(event);
end
$$;

-- What the functions tell of a request whose own transaction left nothing behind, such as a refused write. Chain
-- fields are not theirs to set.
create function public.record_audit_event(p_event jsonb) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  event public.audit_events := jsonb_populate_record(null::public.audit_events, p_event);
begin
  event.address := private.as_address(private.request_fact('address'));
  event.user_agent := private.request_fact('user_agent');
  event.request_id := private.request_fact('request_id');
  perform private.append_audit_event(event);
end
$$;

grant execute on function public.record_audit_event(jsonb) to service_role;
