-- The audit chain's verification: every link recomputed, and every part that names a person.

-- True where what is there of a person is what was written, or was erased as erasure does it.
create function private.is_personal_part_whole(p_event public.audit_events) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select case
    when p_event.actor_salt is null then
      p_event.actor_email = 'erased' and p_event.address is null and p_event.user_agent is null
    else p_event.actor_digest = private.actor_digest(p_event)
  end is true and case
    when p_event.subject_salt is null and p_event.subject_digest is not null then p_event.details ->> 'email' = 'erased'
    else p_event.subject_digest is not distinct from private.subject_digest(p_event)
  end is true
$$;

-- One stretch of the caller's chain, recomputed. Give `after` and `hash` of the stretch before (0 and '' at the
-- start). The last stretch is also held against the chain's head, which shows when the newest events are gone.
-- @returns {after, hash, trimmed, done, head: {sequence, hash} | null, broken: {sequence, event_id, fault} | null}
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
  tail private.audit_tails;
  event public.audit_events;
  fault text;
  place bigint;
  checked integer := 0;
  is_end boolean;
begin
  perform private.require_permissions(array['audit:read']);
  select h.* into head from private.audit_heads h where h.organization_id = organization;
  head.sequence := coalesce(head.sequence, 0);
  select t.* into tail from private.audit_tails t where t.organization_id = organization;
  if tail.sequence > p_after then
    last := tail.sequence;
    last_hash := tail.hash;
  end if;
  for event in
    select e.* from public.audit_events e
    where e.organization_id = organization and e.sequence > last
    order by e.sequence limit p_limit
  loop
    checked := checked + 1;
    place := last + 1;
    fault := case
      when event.sequence <> place then 'missing'
      when event.hash <> private.audit_hash(event) or not private.is_personal_part_whole(event) then 'changed'
      when event.previous_hash <> last_hash then 'unlinked'
    end;
    exit when fault is not null;
    last := event.sequence;
    last_hash := event.hash;
  end loop;

  is_end := checked < p_limit;
  -- A beginning that is gone was trimmed, and the log says so, or it was torn off.
  if fault is null and is_end and tail.sequence is not null and not exists (
    select from public.audit_events e
    where e.organization_id = organization and e.action = 'audit.trimmed'
      and e.details = jsonb_build_object('through', tail.sequence, 'hash', encode(tail.hash, 'hex'))
  ) then
    place := tail.sequence;
    fault := 'missing';
  elsif fault is null and is_end and head.sequence <> last then
    place := least(head.sequence, last) + 1;
    fault := case when head.sequence > last then 'missing' else 'unlinked' end;
  elsif fault is null and is_end and head.hash <> last_hash then
    place := last;
    fault := 'changed';
  end if;

  return jsonb_build_object(
    'after', case when fault is null then last else place - 1 end,
    'hash', encode(last_hash, 'hex'),
    'trimmed', coalesce(tail.sequence, 0),
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

grant execute on function public.verify_audit_events(bigint, text, integer) to authenticated;
