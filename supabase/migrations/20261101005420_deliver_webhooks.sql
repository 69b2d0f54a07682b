-- How the outbox of the webhooks empties: taken with a lease, attempted for a day, then given up.

-- Keys whose end has been told, and which end that was.
create table private.told_key_ends (
  api_key_id bigint primary key references public.api_keys (id) on delete cascade,
  expires_at timestamptz not null
);

create index api_keys_living_expires_at_idx on public.api_keys (expires_at) where revoked_at is null;

-- Tells, once a key and end, of those that end within a week. Keys of days or minutes are meant to end, and one that has
-- a successor is no loss.
create function private.task_expiring_keys(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  ending public.api_keys;
  told integer := 0;
begin
  for ending in
    select k.* from public.api_keys k
    where k.revoked_at is null and k.expires_at > now() and k.expires_at < now() + interval '7 days'
      and k.expires_at - k.created_at > interval '14 days' and k.trust_policy_id is null
      and not exists (select from public.api_keys s where s.replaces = k.id)
      and not exists (
        select from private.told_key_ends e where e.api_key_id = k.id and e.expires_at = k.expires_at
      )
    order by k.id limit p_limit for update skip locked
  loop
    insert into private.told_key_ends (api_key_id, expires_at) values (ending.id, ending.expires_at)
    on conflict (api_key_id) do update set expires_at = excluded.expires_at;
    perform private.tell_webhooks(ending.organization_id, 'key.expiring', jsonb_build_object(
      'id', ending.id, 'name', ending.name, 'prefix', ending.prefix, 'expires_at', ending.expires_at
    ));
    told := told + 1;
  end loop;
  return told;
end
$$;

-- Messages are kept for 30 days; their deliveries go with them.
create function private.task_webhook_messages(p_limit integer) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  return private.take_away('private.webhook_messages', 'created_at < now() - interval ''30 days''', p_limit);
end
$$;

insert into private.scheduled_tasks (name, every) values
  ('expiring_keys', '10 minutes'),
  ('webhook_messages', '1 hour');

-- Takes what is due, at most 5 of one webhook, so that a slow target holds up no other. Nobody else takes it before
-- the lease ends; a worker that was killed leaves its own to the next.
-- @returns array of {id, attempt, url, format, seeds, message_id, event, data, created_at}
create function public.claim_webhook_deliveries(p_limit integer, p_lease_seconds integer) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  claimed jsonb;
begin
  with due as (
    select d.id from public.webhooks w
    cross join lateral (
      select p.id from public.webhook_deliveries p
      where p.webhook_id = w.id and p.status = 'pending' and p.next_attempt_at <= now()
      order by p.next_attempt_at, p.id limit 5 for update skip locked
    ) d
    where w.enabled limit p_limit
  ), taken as (
    update public.webhook_deliveries d set
      attempts = d.attempts + 1,
      next_attempt_at = now() + make_interval(secs => p_lease_seconds),
      first_attempt_at = coalesce(d.first_attempt_at, now()),
      last_attempt_at = now()
    from due where d.id = due.id
    returning d.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', t.id, 'attempt', t.attempts, 'url', g.url, 'format', w.format,
    'seeds', (
      select jsonb_agg(s.seed order by s.id desc) from private.webhook_secrets s
      where s.webhook_id = w.id and (s.expires_at is null or s.expires_at > now())
    ),
    'message_id', m.id, 'event', m.event, 'data', m.data, 'created_at', m.created_at
  ) order by t.id), '[]') into claimed
  from taken t
  join public.webhooks w on w.id = t.webhook_id
  join private.webhook_targets g on g.webhook_id = w.id
  join private.webhook_messages m on m.id = t.message_id;
  return claimed;
end
$$;

-- How long after this many attempts the next one comes.
create function private.webhook_backoff(p_attempts integer) returns interval
  language sql immutable
  set search_path = ''
as $$
  select (array[
    '10 seconds', '1 minute', '5 minutes', '15 minutes', '1 hour', '2 hours', '4 hours', '6 hours'
  ]::interval[])[least(p_attempts, 8)]
$$;

-- Notes how an attempt ended. Success is a 2xx; anything else is tried again until a day after the first attempt, and
-- the last try is at its very end. A webhook that took nothing all that day is disabled, and so is one whose target
-- says 410 (gone).
create function public.finish_webhook_delivery(
  p_id bigint, p_attempt integer, p_response_status integer default null, p_error text default null
) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  d public.webhook_deliveries;
  is_over boolean;
begin
  select x.* into d from public.webhook_deliveries x where x.id = p_id and x.status = 'pending' for update;
  if d.id is null then
    return;
  end if;
  if p_error is null then
    update public.webhook_deliveries x set
      status = 'delivered', delivered_at = now(), next_attempt_at = null,
      response_status = p_response_status, error = null
    where x.id = p_id;
    update public.webhooks w set last_delivered_at = now(), failing_since = null where w.id = d.webhook_id;
    return;
  end if;
  -- Another worker took it over, and will tell.
  if d.attempts <> p_attempt then
    return;
  end if;

  is_over := p_response_status = 410 is true or now() >= d.first_attempt_at + interval '24 hours';
  update public.webhook_deliveries x set
    status = case when is_over then 'failed' else 'pending' end,
    next_attempt_at = case when not is_over then
      least(now() + private.webhook_backoff(d.attempts), d.first_attempt_at + interval '24 hours')
    end,
    response_status = p_response_status,
    error = left(p_error, 300)
  where x.id = p_id;

  update public.webhooks w set failing_since = coalesce(w.failing_since, d.last_attempt_at) where w.id = d.webhook_id;
  update public.webhooks w set
    enabled = false,
    disabled_reason = case
      when p_response_status = 410 then 'The target answered 410: it is gone.'
      else 'The target took no delivery for 24 hours.'
    end
  where w.id = d.webhook_id and w.enabled and is_over
    and (p_response_status = 410 or w.failing_since <= d.first_attempt_at);
end
$$;

grant execute on function
  public.claim_webhook_deliveries(integer, integer),
  public.finish_webhook_delivery(bigint, integer, integer, text)
to service_role;
