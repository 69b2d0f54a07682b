-- Retention: what has had its time goes, a batch at a time (docs/jobs.md has the table). Each task returns how many rows
-- it took away; a full batch means that there may be more.

-- Events of the stream: 7 days.
create function private.task_drift_events(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  gone integer;
begin
  delete from public.drift_events d where (d.organization_id, d.id) in (
    select o.organization_id, o.id from public.drift_events o
    where o.created_at < now() - private.lasting('event_days') limit p_limit for update skip locked
  );
  get diagnostics gone = row_count;
  return gone;
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
declare
  gone integer;
begin
  delete from public.api_keys k where k.id in (
    select old.id from public.api_keys old
    where least(old.revoked_at, old.expires_at) < now() - interval '90 days' limit p_limit for update skip locked
  );
  get diagnostics gone = row_count;
  return gone;
end
$$;

create index api_keys_ended_at_idx on public.api_keys (least(revoked_at, expires_at));

create function private.task_ended_invites(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  gone integer;
begin
  delete from public.invites i where i.id in (
    select old.id from public.invites old
    where least(old.expires_at, old.accepted_at, old.cancelled_at) < now() - interval '90 days'
    limit p_limit for update skip locked
  );
  get diagnostics gone = row_count;
  return gone;
end
$$;

-- What lives minutes or a day: tickets, codes, places, windows, answers kept for repeated requests. One statement each;
-- the fullest of them says whether there is more.
create function private.task_short_lived(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  statements constant text[] := array[
    'delete from private.stream_tickets where hash in (select hash from private.stream_tickets
      where expires_at < now() - interval ''1 day'' limit $1 for update skip locked)',
    'delete from private.idempotency_keys where (organization_id, profile_id, key) in (
      select organization_id, profile_id, key from private.idempotency_keys
      where created_at < now() - interval ''1 day'' limit $1 for update skip locked)',
    'delete from private.used_id_tokens where hash in (select hash from private.used_id_tokens
      where expires_at < now() limit $1 for update skip locked)',
    'delete from private.device_logins where device_hash in (select device_hash from private.device_logins
      where expires_at < now() - interval ''1 hour'' limit $1 for update skip locked)',
    'delete from private.wrong_device_codes where id in (select id from private.wrong_device_codes
      where tried_at < now() - interval ''1 day'' limit $1 for update skip locked)',
    'delete from private.spent_totp_codes where (user_id, hash) in (select user_id, hash from private.spent_totp_codes
      where spent_at < now() - interval ''5 minutes'' limit $1 for update skip locked)',
    'delete from private.rate_windows where bucket in (select bucket from private.rate_windows
      where window_start < now() - interval ''1 day'' limit $1 for update skip locked)',
    'delete from private.sign_in_attempts where bucket in (select bucket from private.sign_in_attempts
      where coalesce(attempts[cardinality(attempts)], ''-infinity'') < now() - interval ''1 day'' limit $1 for update skip locked)',
    'delete from private.sign_in_places where (email_hash, network) in (select email_hash, network
      from private.sign_in_places where seen_at < now() - interval ''90 days'' limit $1 for update skip locked)',
    'delete from private.spent_refresh_tokens where hash in (select hash from private.spent_refresh_tokens
      where spent_at < now() - interval ''30 days'' limit $1 for update skip locked)',
    'delete from private.open_streams where id in (select id from private.open_streams
      where ends_at < now() limit $1 for update skip locked)',
    'delete from private.ended_tokens where (user_id, issued_at) in (select user_id, issued_at from private.ended_tokens
      where expires_at < now() - interval ''1 day'' limit $1 for update skip locked)',
    'delete from private.wake_ups where hash in (select hash from private.wake_ups
      where expires_at < now() limit $1 for update skip locked)'
  ];
  statement text;
  gone integer;
  most integer := 0;
begin
  foreach statement in array statements loop
    execute statement using p_limit;
    get diagnostics gone = row_count;
    most := greatest(most, gone);
  end loop;
  return most;
end
$$;

-- Jobs that ended a week ago.
create function private.task_ended_jobs(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  gone integer;
begin
  delete from private.jobs j where j.id in (
    select old.id from private.jobs old
    where old.finished_at < now() - interval '7 days' limit p_limit for update skip locked
  );
  get diagnostics gone = row_count;
  return gone;
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
