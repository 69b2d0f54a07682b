-- Who signed up before there was a trigger gets what it would have made. It stands last: whatever else watches
-- organizations, profiles and memberships is there by then.
select private.welcome(u)
from auth.users u
where not u.is_anonymous and u.deleted_at is null
order by u.created_at, u.id;
