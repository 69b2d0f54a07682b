-- Where keys are used from, and how much: minutes of a day in which one was, by address. Admission notes a key's use at
-- most once a minute, so this costs no request more than that.
create table public.api_key_uses (
  api_key_id bigint not null references public.api_keys (id) on delete cascade,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  -- In UTC.
  day date not null,
  -- A v6 address as its network of 48 bits: one client may take on any address in it.
  address text not null,
  minutes integer not null check (minutes > 0),
  last_used_at timestamptz not null,
  primary key (api_key_id, day, address)
) with (fillfactor = 70);

create index api_key_uses_organization_id_idx on public.api_key_uses (organization_id);

alter table public.api_key_uses enable row level security;
grant select on public.api_key_uses to authenticated;

create policy "whoever can read a key can read its uses" on public.api_key_uses
  for select to authenticated
  using (api_key_id in (select k.id from public.api_keys k));

-- Notes a minute of use; what is older than 90 days goes when a new day begins.
create function private.note_api_key_use(p_key public.api_keys, p_address inet) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  today date := (now() at time zone 'utc')::date;
begin
  if not exists (select from public.api_key_uses u where u.api_key_id = p_key.id and u.day = today) then
    delete from public.api_key_uses u where u.api_key_id = p_key.id and u.day < today - 90;
  end if;
  insert into public.api_key_uses as u (api_key_id, organization_id, day, address, minutes, last_used_at)
  values (
    p_key.id, p_key.organization_id, today, coalesce(private.address_bucket(p_address), 'unknown'), 1, now()
  )
  on conflict (api_key_id, day, address) do update set
    minutes = u.minutes + 1,
    last_used_at = excluded.last_used_at;
end
$$;

-- A key's use by day and by address, as the caller may see it.
create function public.api_key_usage(p_api_key_id bigint) returns jsonb
  language sql stable security invoker
  set search_path = ''
as $$
  select jsonb_build_object(
    'days', (
      select coalesce(jsonb_agg(jsonb_build_object('date', d.day, 'minutes', d.minutes) order by d.day), '[]')
      from (
        select u.day, sum(u.minutes) as minutes from public.api_key_uses u
        where u.api_key_id = p_api_key_id group by u.day
      ) d
    ),
    'addresses', (
      select coalesce(jsonb_agg(
        jsonb_build_object('address', a.address, 'minutes', a.minutes, 'last_used_at', a.last_used_at)
        order by a.last_used_at desc, a.address
      ), '[]')
      from (
        select u.address, sum(u.minutes) as minutes, max(u.last_used_at) as last_used_at
        from public.api_key_uses u where u.api_key_id = p_api_key_id
        group by u.address order by 3 desc, 1 limit 10
      ) a
    )
  )
$$;

grant execute on function public.api_key_usage(bigint) to authenticated;
