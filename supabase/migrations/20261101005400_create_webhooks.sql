-- Webhooks: where an organization wants its news sent. The target's full URL and what secrets are made of lie in
-- `private`: a chat's incoming webhook is a secret itself.

-- What can be asked for; `shared/contracts/webhooks.ts` documents it.
create function private.webhook_events() returns text[]
  language sql immutable parallel safe
  set search_path = ''
as $$
  select array[
    'drift.detected', 'drift.resolved', 'key.expiring', 'key.leaked',
    'member.joined', 'member.left', 'member.removed', 'member.role_changed', 'webhook.disabled'
  ]
$$;

create table public.webhooks (
  id bigint generated always as identity primary key,
  organization_id bigint not null default private.organization_id()
    references public.organizations (id) on delete cascade,
  name text not null check (name = btrim(name) and length(name) between 1 and private.limit_of('label_characters')),
  format text not null check (format in ('standard', 'slack', 'teams')),
  -- As it may be shown: without its query, and of a chat's URL the host alone.
  url text not null check (length(url) <= 2000),
  events text[] not null check (cardinality(events) > 0 and events <@ private.webhook_events()),
  enabled boolean not null default true,
  -- Why it was disabled, where nobody did it.
  disabled_reason text,
  disabled_at timestamptz,
  -- Since when every attempt has failed; null once one succeeds.
  failing_since timestamptz,
  last_delivered_at timestamptz,
  -- Each change of it draws a new secret; the one before signs too, until the other time.
  secret_drawn_at timestamptz not null default now(),
  old_secret_until timestamptz,
  created_by bigint default private.profile_id() references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  unique (organization_id, name),
  unique (organization_id, id)
);

create index webhooks_created_by_idx on public.webhooks (created_by);

create table private.webhook_targets (
  webhook_id bigint primary key references public.webhooks (id) on delete cascade deferrable initially deferred,
  -- Plain http is the local stack's own business.
  url text not null
    constraint webhook_targets_url check (url ~ '^(https://[^/?#@\s]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)([/?][^#\s]*)?$'),
  constraint webhook_targets_url_length check (length(url) <= 2000)
);

-- A secret is made of its seed and a key that only the functions have: who steals these rows can sign nothing.
create table private.webhook_secrets (
  id bigint generated always as identity primary key,
  webhook_id bigint not null references public.webhooks (id) on delete cascade deferrable initially deferred,
  seed uuid not null default gen_random_uuid(),
  expires_at timestamptz
);

create index webhook_secrets_webhook_id_idx on private.webhook_secrets (webhook_id);

insert into private.addressable_tables (name) values ('webhooks');

alter table public.webhooks enable row level security;
grant select, delete on public.webhooks to authenticated;
grant insert (name, format, url, events) on public.webhooks to authenticated;
grant update (name, url, events, enabled, secret_drawn_at, old_secret_until) on public.webhooks to authenticated;

create policy "auditors can read their organization's webhooks" on public.webhooks
  for select to authenticated
  using (organization_id = (select private.organization_where('audit:read')));

-- A webhook outlives any key and tells what its makers may read: people make and change them, keys don't.
create policy "auditors can add webhooks to their organization" on public.webhooks
  for insert to authenticated
  with check (
    organization_id = (select private.organization_where('audit:read')) and (select private.is_session())
  );

create policy "auditors can change their organization's webhooks" on public.webhooks
  for update to authenticated
  using (organization_id = (select private.organization_where('audit:read')) and (select private.is_session()))
  with check (organization_id = (select private.organization_where('audit:read')));

create policy "auditors can remove their organization's webhooks" on public.webhooks
  for delete to authenticated
  using (organization_id = (select private.organization_where('audit:read')) and (select private.is_session()));

-- What may be shown of a URL: a query can hold a token, and a chat's URL is one.
create function private.shown_url(p_url text, p_format text) returns text
  language sql immutable
  set search_path = ''
as $$
  select case p_format
    when 'standard' then regexp_replace(p_url, '\?.*$', '?…')
    else regexp_replace(p_url, '^([a-z]+://[^/?]+).*$', '\1/…')
  end
$$;

-- Puts the URL and the secret's seed where nobody reads them, and keeps how many there are within reason.
create function private.keep_webhook_target() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    if (
      select count(*) from public.webhooks w where w.organization_id = new.organization_id
    ) >= private.limit_of('webhooks') then
      raise sqlstate 'PT422' using message = format(
        'An organization can have %s webhooks. Remove one that is no longer needed.', private.limit_of('webhooks')
      );
    end if;
    insert into private.webhook_secrets (webhook_id) values (new.id);
  elsif new.secret_drawn_at <> old.secret_drawn_at then
    update private.webhook_secrets s set expires_at = new.old_secret_until
    where s.webhook_id = new.id and (s.expires_at is null or s.expires_at > new.old_secret_until);
    delete from private.webhook_secrets s where s.webhook_id = new.id and s.expires_at <= now();
    insert into private.webhook_secrets (webhook_id) values (new.id);
  end if;
  if tg_op = 'INSERT' or new.url <> old.url then
    insert into private.webhook_targets (webhook_id, url) values (new.id, new.url)
    on conflict (webhook_id) do update set url = excluded.url;
    new.url := private.shown_url(new.url, new.format);
  end if;
  if tg_op = 'UPDATE' and new.enabled and not old.enabled then
    new.disabled_reason := null;
    new.failing_since := null;
  end if;
  new.disabled_at := case when not new.enabled then coalesce(new.disabled_at, now()) end;
  return new;
end
$$;

create trigger keep_webhook_target
  before insert or update on public.webhooks
  for each row execute function private.keep_webhook_target();

create function private.webhook_facts(p_webhook public.webhooks) returns jsonb
  language sql immutable
  set search_path = ''
as $$
  select jsonb_build_object(
    'name', p_webhook.name, 'format', p_webhook.format, 'url', p_webhook.url, 'events', p_webhook.events,
    'enabled', p_webhook.enabled
  )
$$;

create function private.audit_webhook() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  webhook public.webhooks := case when tg_op = 'DELETE' then old else new end;
  facts jsonb := private.webhook_facts(webhook);
  action text := case tg_op when 'INSERT' then 'webhook.created' when 'DELETE' then 'webhook.deleted' end;
begin
  if tg_op = 'UPDATE' then
    action := case
      when new.disabled_reason is not null and old.enabled and not new.enabled then 'webhook.disabled'
      when new.secret_drawn_at <> old.secret_drawn_at then 'webhook.secret_rotated'
      when facts <> private.webhook_facts(old) then 'webhook.changed'
    end;
    facts := facts || case action
      when 'webhook.disabled' then jsonb_build_object('reason', new.disabled_reason)
      when 'webhook.changed' then jsonb_build_object('before', private.webhook_facts(old))
      else '{}'::jsonb
    end;
  end if;
  -- Nothing is left to write into when the whole organization goes.
  if action is not null and exists (select from public.organizations o where o.id = webhook.organization_id) then
    perform private.audit(webhook.organization_id, action, 'webhook', webhook.id::text, facts);
  end if;
  return null;
end
$$;

create trigger audit_webhook
  after insert or delete or update of name, url, events, enabled, secret_drawn_at on public.webhooks
  for each row execute function private.audit_webhook();

-- What the newest secret is made of, for the one answer that shows it.
create function private.webhook_seed(p_webhook_id bigint) returns uuid
  language sql stable security definer
  set search_path = ''
as $$
  select s.seed from private.webhook_secrets s where s.webhook_id = p_webhook_id order by s.id desc limit 1
$$;

-- Writes as the caller: row-level security decides. @returns {webhook, seed}; null where there is none to change
create function public.create_webhook(p_name text, p_format text, p_url text, p_events text[]) returns jsonb
  language plpgsql volatile security invoker
  set search_path = ''
as $$
declare
  made public.webhooks;
begin
  perform private.require_permissions(array['audit:read']);
  insert into public.webhooks (name, format, url, events) values (p_name, p_format, p_url, p_events)
  returning * into made;
  return jsonb_build_object('webhook', to_jsonb(made), 'seed', private.webhook_seed(made.id));
end
$$;

create function public.update_webhook(p_id bigint, p_changes jsonb) returns setof public.webhooks
  language sql volatile security invoker
  set search_path = ''
as $$
  update public.webhooks w set
    name = coalesce(p_changes ->> 'name', w.name),
    url = coalesce(p_changes ->> 'url', w.url),
    events = case
      when p_changes ? 'events' then array(select jsonb_array_elements_text(p_changes -> 'events')) else w.events
    end,
    enabled = coalesce((p_changes ->> 'enabled')::boolean, w.enabled)
  where w.id = p_id
  returning w.*
$$;

-- Draws a new secret; the old one signs beside it for so many seconds more.
create function public.rotate_webhook_secret(p_id bigint, p_grace_seconds integer) returns jsonb
  language plpgsql volatile security invoker
  set search_path = ''
as $$
declare
  rotated public.webhooks;
begin
  update public.webhooks w set
    secret_drawn_at = clock_timestamp(),
    old_secret_until = now() + make_interval(secs => greatest(p_grace_seconds, 0))
  where w.id = p_id returning w.* into rotated;
  return case when rotated.id is not null then
    jsonb_build_object('webhook', to_jsonb(rotated), 'seed', private.webhook_seed(rotated.id))
  end;
end
$$;

create function public.delete_webhook(p_id bigint) returns boolean
  language plpgsql volatile security invoker
  set search_path = ''
as $$
begin
  delete from public.webhooks where id = p_id;
  return found;
end
$$;

grant execute on function private.webhook_events(), private.webhook_seed(bigint) to authenticated;
grant execute on function
  public.create_webhook(text, text, text, text[]),
  public.update_webhook(bigint, jsonb),
  public.rotate_webhook_secret(bigint, integer),
  public.delete_webhook(bigint)
to authenticated;
