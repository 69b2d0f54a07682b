-- What is kept of a person, for them to take along; and their erasure (docs/decisions/erasable_audit.md).

-- Everything that is kept of the signed-in person. The newest 10,000 of what there may be many.
create function public.export_me() returns jsonb
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal := private.session_principal('export its person');
begin
  return jsonb_build_object(
    'profile', (
      select to_jsonb(p) - 'auth_user_id' || jsonb_build_object('supabase_id', p.auth_user_id)
      from public.profiles p where p.id = who.profile_id
    ),
    'memberships', coalesce((
      select jsonb_agg(jsonb_build_object(
        'organization_id', o.id, 'organization', o.name, 'role', m.role, 'joined_at', m.created_at
      ) order by o.id)
      from public.memberships m join public.organizations o on o.id = m.organization_id
      where m.profile_id = who.profile_id
    ), '[]'),
    'sessions', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', s.id, 'created_at', s.created_at, 'ip', host(s.ip::inet), 'user_agent', s.user_agent
      ) order by s.created_at)
      from auth.sessions s where s.user_id = who.user_id
    ), '[]'),
    'api_keys', coalesce((
      select jsonb_agg(to_jsonb(k) order by k.id) from public.api_keys k where k.created_by = who.profile_id
    ), '[]'),
    'invitations', coalesce((
      select jsonb_agg(jsonb_build_object(
        'organization_id', i.organization_id, 'email', i.email, 'role', i.role, 'created_at', i.created_at,
        'accepted_at', i.accepted_at
      ) order by i.id)
      from public.invites i where i.email = lower(who.email)
    ), '[]'),
    'audit_events', coalesce((
      select jsonb_agg(to_jsonb(e) - '{actor_salt,actor_digest,subject_salt,subject_digest,previous_hash,hash}'::text[])
      from (
        select a.* from public.audit_events a where a.actor_id = who.profile_id and a.actor_salt is not null
        order by a.id desc limit 10000
      ) e
    ), '[]'),
    'drift_steps', coalesce((
      select jsonb_agg(to_jsonb(s)) from (
        select d.* from public.drift_steps d where d.actor_id = who.profile_id order by d.id desc limit 10000
      ) s
    ), '[]')
  );
end
$$;

-- Erases the signed-in person: out everywhere at once, their account gone with its sessions and factors, their keys dead.
-- What names them in audit logs is replaced by a job. Raises PT422 while others depend on them as their last owner.
create function public.erase_me() returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  who private.principal := private.session_principal('erase its person');
  place record;
begin
  perform private.require_vouched();
  perform private.require_recent_sign_in();
  for place in
    select o.id, o.name, m.role,
      exists (
        select from public.memberships x where x.organization_id = o.id and x.profile_id <> who.profile_id
      ) as has_others,
      exists (
        select from public.memberships x join private.living_people p on p.id = x.profile_id
        where x.organization_id = o.id and x.role = 'owner' and x.profile_id <> who.profile_id
      ) as has_another_owner
    from public.memberships m join public.organizations o on o.id = m.organization_id
    where m.profile_id = who.profile_id
    order by o.id
    -- The lock of the rule that an organization keeps an owner.
    for no key update of o
  loop
    if place.has_others and place.role = 'owner' and not place.has_another_owner then
      raise sqlstate 'PT422' using message = format(
        'You are the last owner of "%s". Make somebody else its owner, or delete it first.', place.name
      );
    end if;
    if place.has_others then
      perform private.audit(place.id, 'person.erased', 'user', who.profile_id::text);
      delete from public.memberships m where m.organization_id = place.id and m.profile_id = who.profile_id;
    else
      perform private.begin_organization_erasure(place.id);
    end if;
  end loop;
  update public.drift_steps s set actor_email = 'erased' where s.actor_id = who.profile_id;
  delete from public.invites i where i.email = lower(who.email);
  perform private.queue_job(
    'person_erasure', null,
    jsonb_build_object('profile_id', who.profile_id, 'user_id', who.user_id, 'email', who.email)
  );
  delete from auth.users u where u.id = who.user_id;
end
$$;

-- One step: at most so many events lose who acted, or whom they were about. True where that was the last; the job forgets
-- the person too then.
create function public.erase_person_step(p_job uuid, p_lease uuid, p_limit integer) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  job private.jobs := private.held_job(p_job, p_lease);
  acted integer;
  named integer;
begin
  update public.audit_events e set actor_email = 'erased', address = null, user_agent = null, actor_salt = null
  where e.id in (
    select a.id from public.audit_events a
    where a.actor_id = (job.parameters ->> 'profile_id')::bigint and a.actor_salt is not null limit p_limit
  );
  get diagnostics acted = row_count;
  update public.audit_events e
  set details = e.details || '{"email": "erased"}', subject_salt = null
  where e.id in (
    select a.id from public.audit_events a
    where a.details ->> 'email' in (job.parameters ->> 'email', lower(job.parameters ->> 'email'))
      and a.subject_salt is not null
    limit p_limit
  );
  get diagnostics named = row_count;
  if greatest(acted, named) < p_limit then
    -- Supabase Auth's own log, where a project lets it be changed.
    if has_table_privilege('auth.audit_log_entries', 'delete') then
      delete from auth.audit_log_entries l
      where strpos(l.payload::text, job.parameters ->> 'user_id') > 0
        or strpos(lower(l.payload::text), lower(job.parameters ->> 'email')) > 0;
    end if;
    update private.jobs j set parameters = '{}' where j.id = p_job;
    perform private.advance_job(p_job, 0, acted + named, 0, true);
    return true;
  end if;
  perform private.advance_job(p_job, 0, acted + named, 0, false);
  return false;
end
$$;

grant execute on function
  public.export_me(),
  public.erase_me()
to authenticated;
grant execute on function public.erase_person_step(uuid, uuid, integer) to service_role;
