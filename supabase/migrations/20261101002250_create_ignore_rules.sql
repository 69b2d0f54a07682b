-- Ignore rules: drifts that an organization knows of and doesn't want to hear about, for a while or for good.
create table public.ignore_rules (
  id bigint generated always as identity primary key,
  organization_id bigint not null default private.organization_id()
    references public.organizations (id) on delete cascade,
  -- Globs, `*` for any text and `?` for one character; null means any.
  resource_type text check (length(resource_type) between 1 and private.limit_of('resource_type_characters')),
  external_id text check (length(external_id) between 1 and private.limit_of('external_id_characters')),
  field text check (length(field) between 1 and private.limit_of('ignored_field_characters')),
  -- The worst severity that the rule covers; null means any.
  severity_at_most text check (severity_at_most in ('critical', 'high', 'medium', 'low')),
  -- From then on the rule does nothing.
  until timestamptz,
  reason text not null check (length(reason) between 1 and private.limit_of('ignore_reason_characters')),
  created_by bigint default private.profile_id() references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  constraint ignore_rules_name_something check (num_nonnulls(resource_type, external_id, field) > 0)
);

create index ignore_rules_organization_id_id_idx on public.ignore_rules (organization_id, id);
create index ignore_rules_created_by_idx on public.ignore_rules (created_by);
create index drifts_ignored_until_idx on public.drifts (organization_id, ignored_until) where ignored_until > '-infinity';

insert into private.addressable_tables (name) values ('ignore_rules');

alter table public.ignore_rules enable row level security;
grant select, delete on public.ignore_rules to authenticated;
grant insert (resource_type, external_id, field, severity_at_most, until, reason) on public.ignore_rules to authenticated;
grant update (resource_type, external_id, field, severity_at_most, until, reason) on public.ignore_rules to authenticated;

create policy "members can read their organization's ignore rules" on public.ignore_rules
  for select to authenticated
  using (organization_id = (select private.organization_where('drifts:read', or_writing => 'drifts:write')));

create policy "writers can add ignore rules to their organization" on public.ignore_rules
  for insert to authenticated
  with check (organization_id = (select private.organization_where('drifts:write')));

create policy "writers can change their organization's ignore rules" on public.ignore_rules
  for update to authenticated
  using (organization_id = (select private.organization_where('drifts:write')))
  with check (organization_id = (select private.organization_where('drifts:write')));

create policy "writers can remove their organization's ignore rules" on public.ignore_rules
  for delete to authenticated
  using (organization_id = (select private.organization_where('drifts:write')));

-- Every drift that is written is held against every rule: there may only be so many.
create function private.guard_ignore_rule() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  if (
    select count(*) from public.ignore_rules r where r.organization_id = new.organization_id
  ) >= private.limit_of('ignore_rules') then
    raise sqlstate 'PT422' using message = format(
      'An organization can have %s ignore rules. Remove one that is no longer needed.', private.limit_of('ignore_rules')
    );
  end if;
  return new;
end
$$;

create trigger guard_ignore_rule
  before insert on public.ignore_rules
  for each row execute function private.guard_ignore_rule();

-- A glob as LIKE takes it.
create function private.glob_matches(p_text text, p_glob text) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select p_glob is null or p_text like replace(replace(
    regexp_replace(p_glob, '([\\%_])', '\\\1', 'g'), '*', '%'
  ), '?', '_')
$$;

create function private.severity_rank(p_severity text) returns integer
  language sql immutable
  set search_path = ''
as $$ select array_position(array['low', 'medium', 'high', 'critical'], p_severity) $$;

-- Whoever writes a drift, it carries the rule that covers it; of several the one that lasts longest.
create function private.note_ignore_rule() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  select g.id, coalesce(g.until, 'infinity') into new.ignore_rule_id, new.ignored_until
  from public.ignore_rules g join public.resources r on r.id = new.resource_id
  where g.organization_id = new.organization_id
    and (g.until is null or g.until > now())
    and private.severity_rank(new.severity) <= private.severity_rank(coalesce(g.severity_at_most, 'critical'))
    and private.glob_matches(new.resource_type, g.resource_type)
    and private.glob_matches(new.field_path, g.field)
    and private.glob_matches(r.external_id, g.external_id)
  order by coalesce(g.until, 'infinity') desc, g.id limit 1;
  new.ignored_until := coalesce(new.ignored_until, '-infinity');
  return new;
end
$$;

create trigger note_ignore_rule
  before insert or update of severity, resource_type on public.drifts
  for each row execute function private.note_ignore_rule();

-- A rule that comes, changes or goes is held against what is open.
create function private.apply_ignore_rules() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  organization bigint;
begin
  if tg_op = 'DELETE' then
    organization := old.organization_id;
  else
    organization := new.organization_id;
  end if;
  -- An organization that is being erased takes its drifts with it.
  if exists (select from public.organizations o where o.id = organization) then
    perform private.take_event_turn(organization);
    update public.drifts d set severity = d.severity
    where d.organization_id = organization and d.status <> 'resolved';
  end if;
  return null;
end
$$;

create trigger apply_ignore_rules
  after insert or update or delete on public.ignore_rules
  for each row execute function private.apply_ignore_rules();

create function private.audit_ignore_rule() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  rule public.ignore_rules;
begin
  if tg_op = 'DELETE' then
    rule := old;
  else
    rule := new;
  end if;
  if exists (select from public.organizations o where o.id = rule.organization_id) then
    perform private.audit(
      rule.organization_id,
      'ignore_rule.' || case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'updated' else 'deleted' end,
      'ignore_rule', rule.id::text,
      to_jsonb(rule) - 'id' - 'organization_id' - 'created_by' - 'created_at'
    );
  end if;
  return null;
end
$$;

create trigger audit_ignore_rule
  after insert or update or delete on public.ignore_rules
  for each row execute function private.audit_ignore_rule();

-- Writes as the caller: row-level security decides. No row where there is none to change.
create function public.create_ignore_rule(p_rule jsonb) returns setof public.ignore_rules
  language plpgsql volatile security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  return query
  insert into public.ignore_rules as g (resource_type, external_id, field, severity_at_most, until, reason)
  select r.resource_type, r.external_id, r.field, r.severity_at_most, r.until, r.reason
  from jsonb_populate_record(null::public.ignore_rules, p_rule) r
  returning g.*;
end
$$;

create function public.update_ignore_rule(p_id bigint, p_changes jsonb) returns setof public.ignore_rules
  language plpgsql volatile security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  return query
  update public.ignore_rules g set
    resource_type = case when p_changes ? 'resource_type' then p_changes ->> 'resource_type' else g.resource_type end,
    external_id = case when p_changes ? 'external_id' then p_changes ->> 'external_id' else g.external_id end,
    field = case when p_changes ? 'field' then p_changes ->> 'field' else g.field end,
    severity_at_most =
      case when p_changes ? 'severity_at_most' then p_changes ->> 'severity_at_most' else g.severity_at_most end,
    until = case when p_changes ? 'until' then (p_changes ->> 'until')::timestamptz else g.until end,
    reason = coalesce(p_changes ->> 'reason', g.reason)
  where g.id = p_id
  returning g.*;
end
$$;

create function public.delete_ignore_rule(p_id bigint) returns boolean
  language plpgsql volatile security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  delete from public.ignore_rules where id = p_id;
  return found;
end
$$;

grant execute on function
  public.create_ignore_rule(jsonb),
  public.update_ignore_rule(bigint, jsonb),
  public.delete_ignore_rule(bigint)
to authenticated;
