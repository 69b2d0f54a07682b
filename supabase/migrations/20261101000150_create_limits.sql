-- What there may be at most and how long things last. The same numbers stand in `shared/contracts/limits.ts`, which
-- clients read; a test keeps both equal. An unknown name raises, so that a wrong one can't pass for "no limit".
create function private.limit_of(p_name text) returns integer
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
declare
  known constant integer := case p_name
    when 'name_characters' then 100
    when 'label_characters' then 60
    when 'email_characters' then 254

    when 'api_key_days' then 366
    when 'api_key_default_days' then 90
    when 'api_key_unused_days' then 180
    when 'api_key_expiring_days' then 14
    when 'api_key_grace_seconds' then 7 * 24 * 60 * 60
    when 'api_key_addresses' then 50
    when 'api_key_requests_per_minute' then 100000
    when 'api_keys_per_person' then 50
    when 'api_keys_per_organization' then 500
    when 'api_key_limits_per_person' then 5

    when 'trusted_key_seconds' then 60 * 60
    when 'trusted_key_min_seconds' then 60
    when 'issuer_characters' then 300
    when 'audience_characters' then 300
    when 'claim_characters' then 100
    when 'claim_conditions' then 20
    when 'condition_characters' then 500

    when 'invite_days' then 7
    when 'ticket_seconds' then 30
    when 'device_code_seconds' then 10 * 60
    when 'device_wrong_codes' then 5
    when 'recovery_codes' then 10

    when 'external_id_characters' then 512
    when 'resource_name_characters' then 256
    when 'resource_type_characters' then 128
    when 'provider_characters' then 64
    when 'region_characters' then 64
    when 'source_characters' then 256
    when 'address_characters' then 1024
    when 'changed_by_characters' then 256

    when 'event_days' then 7
    when 'idempotency_key_hours' then 24
    when 'idempotency_key_characters' then 255
    when 'unasked_deletions' then 5
    when 'drift_note_characters' then 2000
    when 'webhooks' then 20
    when 'ignore_rules' then 200
    when 'ignored_field_characters' then 512
    when 'ignore_reason_characters' then 1000
  end;
begin
  if known is null then
    raise exception 'there is no limit "%"', p_name;
  end if;
  return known;
end
$$;

grant execute on function private.limit_of(text) to authenticated, service_role;

-- How long `<name>_days`, `_hours` or `_seconds` is, as Postgres counts time.
create function private.lasting(p_limit text) returns interval
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
declare
  amount constant integer := private.limit_of(p_limit);
begin
  return case
    when p_limit like '%\_days' then make_interval(days => amount)
    when p_limit like '%\_hours' then make_interval(hours => amount)
    when p_limit like '%\_seconds' then make_interval(secs => amount)
  end;
end
$$;

grant execute on function private.lasting(text) to authenticated, service_role;
