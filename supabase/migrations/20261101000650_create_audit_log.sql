-- The audit log as auditors read and check it, and the events that no table's trigger sees.

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

revoke all on public.audit_log from anon, authenticated, service_role;
grant select on public.audit_log to authenticated;

-- One stretch of the caller's chain, recomputed. Give `after` and `hash` of the stretch before (0 and '' at the
-- start). The last stretch is also held against the chain's head, which shows when the newest events are gone.
-- @returns {after, hash, done, head: {sequence, hash} | null, broken: {sequence, event_id, fault} | null}
create function public.verify_audit_events(p_after bigint, p_hash text, p_limit integer) returns jsonb
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_id();
  -- The last link found good.
  last bigint := p_after;
  last_hash bytea := decode(p_hash, 'hex');
  head private.audit_heads;
  event public.audit_events;
  fault text;
  place bigint;
  is_end boolean;
begin
  perform private.require_permissions(array['audit:read']);
  select h.* into head from private.audit_heads h where h.organization_id = organization;
  head.sequence := coalesce(head.sequence, 0);
  for event in
    select e.* from public.audit_events e
    where e.organization_id = organization and e.sequence > p_after
    order by e.sequence limit p_limit
  loop
    place := last + 1;
    fault := case
      when event.sequence <> place then 'missing'
      when event.hash <> private.audit_hash(event) then 'changed'
      when event.previous_hash <> last_hash then 'unlinked'
    end;
    exit when fault is not null;
    last := event.sequence;
    last_hash := event.hash;
  end loop;

  is_end := last - p_after < p_limit;
  if fault is null and is_end and head.sequence <> last then
    place := least(head.sequence, last) + 1;
    fault := case when head.sequence > last then 'missing' else 'unlinked' end;
  elsif fault is null and is_end and head.hash <> last_hash then
    place := last;
    fault := 'changed';
  end if;

  return jsonb_build_object(
    'after', case when fault is null then last else place - 1 end,
    'hash', encode(last_hash, 'hex'),
    'done', is_end or fault is not null,
    'head', case when head.sequence > 0 then
      jsonb_build_object('sequence', head.sequence, 'hash', encode(head.hash, 'hex'))
    end,
    'broken', case when fault is not null then jsonb_build_object(
      'sequence', place,
      'event_id', (
        select e.id from public.audit_events e where e.organization_id = organization and e.sequence = place
      ),
      'fault', fault
    ) end
  );
end
$$;

revoke execute on function public.verify_audit_events(bigint, text, integer)
from public, anon, authenticated, service_role;
grant execute on function public.verify_audit_events(bigint, text, integer) to authenticated;

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

-- Sessions that began and are not in the log yet. Whoever began one through the functions is recorded by them with
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
      -- A statement must end in time, however long nobody has read the log.
      limit 1000
      for update of waiting skip locked
    )
    returning s.*
  loop
    perform private.append_session_start(start, null);
  end loop;
end
$$;

-- Records a refused sign-in where the e-mail address is somebody's; nobody has proved to be the actor.
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

revoke execute on function
  private.note_session_start(),
  private.home_organization_id(uuid),
  private.append_session_start(private.session_starts, text)
from public;
revoke execute on function
  public.record_audit_event(jsonb),
  public.record_session_start(uuid),
  public.settle_session_starts(),
  public.record_refused_sign_in(text)
from public, anon, authenticated, service_role;
grant execute on function
  public.record_audit_event(jsonb), public.record_session_start(uuid), public.record_refused_sign_in(text)
to service_role;
grant execute on function public.settle_session_starts() to authenticated;
