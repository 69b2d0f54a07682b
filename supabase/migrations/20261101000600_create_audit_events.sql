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
  previous_hash bytea not null,
  hash bytea not null,
  unique (organization_id, sequence)
);

create index audit_events_organization_id_id_idx on public.audit_events (organization_id, id);
create index audit_events_organization_id_occurred_at_idx on public.audit_events (organization_id, occurred_at);

alter table public.audit_events enable row level security;
revoke all on public.audit_events from anon, authenticated, service_role;
grant select on public.audit_events to authenticated;

create policy "auditors can read their organization's audit log" on public.audit_events
  for select to authenticated
  using (
    organization_id = (select private.organization_id())
    and (select private.has_permission('audit:read'))
  );

-- The last link of each organization's chain; its row is also the lock that orders the events.
create table private.audit_heads (
  organization_id bigint primary key references public.organizations (id) on delete cascade,
  sequence bigint not null,
  hash bytea not null
);

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
    p_event.actor_email,
    p_event.credential_type,
    p_event.credential_id,
    p_event.target_type,
    p_event.target_id,
    host(p_event.address),
    p_event.user_agent,
    p_event.request_id,
    p_event.details
  )::text, 'UTF8'))
$$;

-- Text as `inet`, or null where it is no address.
create function private.as_address(p_text text) returns inet
  language plpgsql immutable
  set search_path = ''
as $$
begin
  return nullif(btrim(p_text), '')::inet;
exception when invalid_text_representation then
  return null;
end
$$;

-- The request's own facts: address, agent, request id. Whoever calls the Data API directly could write anything
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
  event.hash := private.audit_hash(event);

  insert into public.audit_events (
    organization_id, sequence, occurred_at, action, actor_id, actor_email, credential_type, credential_id,
    target_type, target_id, address, user_agent, request_id, details, previous_hash, hash
  ) values (
    event.organization_id, event.sequence, event.occurred_at, event.action, event.actor_id, event.actor_email,
    event.credential_type, event.credential_id, event.target_type, event.target_id, event.address,
    event.user_agent, event.request_id, event.details, event.previous_hash, event.hash
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

revoke execute on function
  private.audit_hash(public.audit_events),
  private.as_address(text),
  private.request_fact(text),
  private.append_audit_event(public.audit_events),
  private.audit(bigint, text, text, text, jsonb)
from public;
