-- What drift detection keeps of a resource: where it was seen, and which capture its judgement rests on.
alter table public.resources
  -- The state or pipeline that a resource was last seen in; a full picture of it marks what is missing.
  add column source text check (length(source) between 1 and 256),
  -- Hash of the canonical configuration and tags; null until they have been looked at.
  add column fingerprint text check (fingerprint ~ '^[0-9a-f]{64}$'),
  -- Grows with every change of what is compared, so that a judgement of an older capture is refused.
  add column revision bigint not null default 1;

create index resources_organization_id_source_idx on public.resources (organization_id, source);

create function private.note_capture() returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  new.revision := old.revision + 1;
  -- Whoever changes a capture without judging it leaves a capture that nobody has judged. Only imports judge:
  -- no caller can set this switch.
  if coalesce(current_setting('infraaudit.judging', true), '') <> 'on' then
    new.fingerprint := null;
  end if;
  return new;
end
$$;

create trigger note_capture
  before update of configuration, tags, resource_type on public.resources
  for each row when (
    old.configuration is distinct from new.configuration
    or old.tags is distinct from new.tags
    or old.resource_type is distinct from new.resource_type
  )
  execute function private.note_capture();

revoke execute on function private.note_capture() from public;
