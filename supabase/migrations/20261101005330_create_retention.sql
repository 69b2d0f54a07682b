-- Retention: what has had its time goes, a batch at a time (docs/jobs.md has the table). Each task returns how many rows
-- it took away; a full batch means that there may be more.

-- One batch of a table's rows that have ended. Rows that somebody else holds wait for the next one.
-- @param p_ended the condition, written here in the migrations and by no caller
create function private.take_away(p_table regclass, p_ended text, p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  gone integer;
begin
  execute format(
    'delete from %1$s where ctid = any (array(select ctid from %1$s where %2$s limit $1 for update skip locked))',
    p_table, p_ended
  ) using p_limit;
  get diagnostics gone = row_count;
  return gone;
end
$$;

-- Events of the stream: 7 days.
create function private.task_drift_events(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  return private.take_away('public.drift_events', 'created_at < now() - private.lasting(''event_days'')', p_limit);
end
$$;

-- Resolved drifts, with their steps: as long as their organization says.
create function private.task_resolved_drifts(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  gone integer;
begin
  delete from public.drifts d where d.id in (
    select old.id from public.organizations o cross join lateral (
      select r.id from public.drifts r
      where r.organization_id = o.id and r.status = 'resolved'
        and r.resolved_at < now() - make_interval(days => o.drift_retention_days)
      limit p_limit
    ) old
    limit p_limit
  );
  get diagnostics gone = row_count;
  return gone;
end
$$;

create index drifts_resolved_at_idx on public.drifts (organization_id, resolved_at) where status = 'resolved';

-- The oldest events of an audit log: as long as their organization says. What goes is a beginning of the chain, never a
-- piece of its middle, and the link that the rest hangs on stays (private.audit_tails).
create function private.task_audit_events(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  log record;
  cut record;
  gone integer;
  total integer := 0;
begin
  for log in
    select o.id, now() - make_interval(days => o.audit_retention_days) as kept_since
    from public.organizations o
    where exists (
      select from public.audit_events e
      where e.organization_id = o.id and e.occurred_at < now() - make_interval(days => o.audit_retention_days)
    )
    order by o.id
  loop
    exit when total >= p_limit;
    select e.sequence, e.hash into cut
    from (
      select a.* from public.audit_events a where a.organization_id = log.id
      order by a.sequence limit p_limit - total
    ) e
    where e.occurred_at < log.kept_since
    order by e.sequence desc limit 1;
    continue when not found;
    delete from public.audit_events e where e.organization_id = log.id and e.sequence <= cut.sequence;
    get diagnostics gone = row_count;
    total := total + gone;
    insert into private.audit_tails as t (organization_id, sequence, hash)
    values (log.id, cut.sequence, cut.hash)
    on conflict (organization_id) do update set sequence = excluded.sequence, hash = excluded.hash;
    perform private.audit(
      log.id, 'audit.trimmed', 'organization', log.id::text,
      jsonb_build_object('through', cut.sequence, 'hash', encode(cut.hash, 'hex'))
    );
  end loop;
  return total;
end
$$;

-- Keys that ended 90 days ago, and invitations that did.
create function private.task_ended_keys(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  return private.take_away('public.api_keys', 'least(revoked_at, expires_at) < now() - interval ''90 days''', p_limit);
end
$$;

create index api_keys_ended_at_idx on public.api_keys (least(revoked_at, expires_at));

create function private.task_ended_invites(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  return private.take_away('public.invites', 'least(expires_at, accepted_at, cancelled_at) < now() - interval ''90 days''', p_limit);
end
$$;

-- What lives minutes or a day: tickets, codes, places, windows, answers kept for repeated requests. The fullest batch says
-- whether there is more.
create function private.task_short_lived(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  return (
    select max(private.take_away(ended.name::regclass, ended.condition, p_limit))
    from (values
      ('private.stream_tickets', 'expires_at < now() - interval ''1 day'''),
      ('private.idempotency_keys', 'created_at < now() - interval ''1 day'''),
      ('private.used_id_tokens', 'expires_at < now()'),
      ('private.device_logins', 'expires_at < now() - interval ''1 hour'''),
      ('private.wrong_device_codes', 'tried_at < now() - interval ''1 day'''),
      ('private.spent_totp_codes', 'spent_at < now() - interval ''5 minutes'''),
      ('private.rate_windows', 'window_start < now() - interval ''1 day'''),
      ('private.sign_in_attempts', 'coalesce(attempts[cardinality(attempts)], ''-infinity'') < now() - interval ''1 day'''),
      ('private.sign_in_places', 'seen_at < now() - interval ''90 days'''),
      ('private.spent_refresh_tokens', 'spent_at < now() - interval ''30 days'''),
      ('private.open_streams', 'ends_at < now()'),
      ('private.ended_tokens', 'expires_at < now() - interval ''1 day'''),
      ('private.wake_ups', 'expires_at < now()')
    ) ended (name, condition)
  );
end
$$;

-- Jobs that ended a week ago.
create function private.task_ended_jobs(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  return private.take_away('private.jobs', 'finished_at < now() - interval ''7 days''', p_limit);
end
$$;

insert into private.scheduled_tasks (name, every) values
  ('drift_events', '10 minutes'),
  ('resolved_drifts', '1 hour'),
  ('audit_events', '1 hour'),
  ('ended_keys', '1 hour'),
  ('ended_invites', '1 hour'),
  ('short_lived', '10 minutes'),
  ('ended_jobs', '1 hour');
