-- How many resources there are by status, and when one of each was last seen, as the caller may see them.
create function public.count_resources() returns table (status text, count bigint, last_seen_at timestamptz)
  language sql stable security invoker
  set search_path = ''
as $$ select r.status, count(*), max(r.last_seen_at) from public.resources r group by r.status $$;

grant execute on function public.count_resources() to authenticated;
