-- What imports named as their source, last seen first, as the caller may see it.
create function public.list_resource_sources() returns table (source text, total bigint, last_seen_at timestamptz)
  language sql stable security invoker
  set search_path = ''
as $$
  select r.source, count(*), max(r.last_seen_at)
  from public.resources r
  where r.source is not null and r.status <> 'deleted'
  group by r.source
  order by max(r.last_seen_at) desc, r.source
  limit 500
$$;

-- How many resources there are by status, and when one of each was last seen, as the caller may see them.
create function public.count_resources() returns table (status text, count bigint, last_seen_at timestamptz)
  language sql stable security invoker
  set search_path = ''
as $$ select r.status, count(*), max(r.last_seen_at) from public.resources r group by r.status $$;

grant execute on function public.count_resources(), public.list_resource_sources() to authenticated;
