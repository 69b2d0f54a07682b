-- The outbox of the webhooks: a message is written in the transaction of what it tells of, with one delivery for each
-- webhook that asks for it.
create table private.webhook_messages (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  event text not null,
  data jsonb not null,
  created_at timestamptz not null default now(),
  unique (organization_id, id)
);

create index webhook_messages_created_at_idx on private.webhook_messages (created_at);

create table public.webhook_deliveries (
  id bigint generated always as identity primary key,
  organization_id bigint not null default private.organization_id()
    references public.organizations (id) on delete cascade,
  webhook_id bigint not null,
  -- The same for every attempt and every redelivery, so that a receiver can tell a repetition.
  message_id bigint not null,
  event text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- When a pending one is due; an attempt under way moves it ahead, so that a killed worker's is taken again.
  next_attempt_at timestamptz default now(),
  first_attempt_at timestamptz,
  last_attempt_at timestamptz,
  response_status integer,
  error text,
  delivered_at timestamptz,
  created_at timestamptz not null default now(),
  -- Together with the organization: no delivery takes another's news, or takes it elsewhere.
  foreign key (organization_id, webhook_id) references public.webhooks (organization_id, id) on delete cascade,
  foreign key (organization_id, message_id) references private.webhook_messages (organization_id, id) on delete cascade
);

create index webhook_deliveries_webhook_id_id_idx on public.webhook_deliveries (organization_id, webhook_id, id);
create index webhook_deliveries_message_id_idx on public.webhook_deliveries (organization_id, message_id);
create index webhook_deliveries_due_idx on public.webhook_deliveries (webhook_id, next_attempt_at)
  where status = 'pending';

insert into private.addressable_tables (name) values ('webhook_deliveries');

alter table public.webhook_deliveries enable row level security;
grant select on public.webhook_deliveries to authenticated;
grant insert (webhook_id, message_id, event) on public.webhook_deliveries to authenticated;

create policy "auditors can read their organization's deliveries" on public.webhook_deliveries
  for select to authenticated
  using (organization_id = (select private.organization_where('audit:read')));

create policy "auditors can send again to their organization's webhooks" on public.webhook_deliveries
  for insert to authenticated
  with check (
    organization_id = (select private.organization_where('audit:read')) and (select private.is_session())
  );

-- A target that is down for long is not to fill the disk: what is too much is kept as failed, and can be sent again.
create function private.limit_waiting_deliveries() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  if (select count(*) from (
    select from public.webhook_deliveries d where d.webhook_id = new.webhook_id and d.status = 'pending' limit 1000
  ) waiting) >= 1000 then
    new.status := 'failed';
    new.next_attempt_at := null;
    new.error := 'Too many deliveries were waiting.';
  end if;
  return new;
end
$$;

create trigger limit_waiting_deliveries
  before insert on public.webhook_deliveries
  for each row execute function private.limit_waiting_deliveries();

-- Tells every webhook of an organization that asks for it.
create function private.tell_webhooks(p_organization_id bigint, p_event text, p_data jsonb) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  message bigint;
begin
  if not exists (
    select from public.webhooks w
    where w.organization_id = p_organization_id and w.enabled and p_event = any (w.events)
  ) then
    return;
  end if;
  insert into private.webhook_messages (organization_id, event, data) values (p_organization_id, p_event, p_data)
  returning id into message;
  insert into public.webhook_deliveries (organization_id, webhook_id, message_id, event)
  select w.organization_id, w.id, message, p_event from public.webhooks w
  where w.organization_id = p_organization_id and w.enabled and p_event = any (w.events) order by w.id;
end
$$;

-- Drifts go out as they come, in blocks of 50: an import that finds a thousand is not a thousand messages.
create function private.tell_webhooks_of_drifts() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  told record;
begin
  -- Most writes are an organization's that has no webhook.
  if not exists (select from public.webhooks w join written e on e.organization_id = w.organization_id where w.enabled) then
    return null;
  end if;
  for told in
    select b.organization_id, b.type, count(*) as count, jsonb_agg(b.data order by b.id) as drifts
    from (
      select e.*, (row_number() over (partition by e.organization_id, e.type order by e.id) - 1) / 50 as block
      from written e where e.type in ('drift_detected', 'drift_resolved')
    ) b
    group by b.organization_id, b.type, b.block order by b.organization_id, b.type, b.block
  loop
    perform private.tell_webhooks(
      told.organization_id, replace(told.type, '_', '.'), jsonb_build_object('count', told.count, 'drifts', told.drifts)
    );
  end loop;
  return null;
end
$$;

create trigger tell_webhooks_of_drifts
  after insert on public.drift_events
  referencing new table as written
  for each statement execute function private.tell_webhooks_of_drifts();

-- What the audit log records, and is news.
create function private.tell_webhooks_of_audit_event() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  news constant text := case new.action
    when 'api_key.leaked' then 'key.leaked'
    when 'team.member_joined' then 'member.joined'
    when 'team.member_left' then 'member.left'
    when 'team.member_removed' then 'member.removed'
    when 'team.role_changed' then 'member.role_changed'
    when 'webhook.disabled' then 'webhook.disabled'
  end;
begin
  if news is not null then
    perform private.tell_webhooks(
      new.organization_id, news,
      new.details || jsonb_build_object('id', new.target_id::bigint, 'actor', new.actor_email)
    );
  end if;
  return null;
end
$$;

create trigger tell_webhooks_of_audit_event
  after insert on public.audit_events
  for each row execute function private.tell_webhooks_of_audit_event();

-- The words of a test, for one webhook of the caller's.
create function private.make_test_message(p_webhook_id bigint) returns bigint
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.webhook_messages (organization_id, event, data)
  select w.organization_id, 'webhook.test', jsonb_build_object('id', w.id, 'name', w.name)
  from public.webhooks w where w.id = p_webhook_id and w.organization_id = private.organization_id()
  returning id
$$;

create function public.test_webhook(p_id bigint) returns setof public.webhook_deliveries
  language sql volatile security invoker
  set search_path = ''
as $$
  insert into public.webhook_deliveries (webhook_id, message_id, event)
  select w.id, private.make_test_message(w.id), 'webhook.test' from public.webhooks w where w.id = p_id
  returning *
$$;

-- Sends a message once more, as a delivery of its own.
create function public.redeliver_webhook(p_id bigint) returns setof public.webhook_deliveries
  language sql volatile security invoker
  set search_path = ''
as $$
  insert into public.webhook_deliveries (webhook_id, message_id, event)
  select d.webhook_id, d.message_id, d.event from public.webhook_deliveries d where d.id = p_id
  returning *
$$;

grant execute on function private.make_test_message(bigint) to authenticated;
grant execute on function public.test_webhook(bigint), public.redeliver_webhook(bigint) to authenticated;
