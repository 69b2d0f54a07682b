/** What event streams cost the database: one look for an organization, and a place taken and given back. */
import { LOOK_LIMIT } from "../supabase/functions/api/event_outbox.ts";
import { tokenAt } from "../tests/http/sign_in.ts";
import { startBenchStack } from "./stack.ts";

const { database: { query }, url } = await startBenchStack();
const SUBSCRIBERS = 20;

await tokenAt(url, "user");
const [me] = await query<{ session_id: string; user_id: string; organization_id: number }>(
  `select s.id as session_id, s.user_id, p.organization_id
   from auth.sessions s join public.profiles p on p.auth_user_id = s.user_id order by s.created_at desc limit 1`,
);
const { organization_id, ...session } = me!;
const event = { type: "drift_detected", data: { summary: "x".repeat(400) } };
await query("select private.append_events($1, $2::jsonb)", [
  organization_id,
  JSON.stringify(Array(LOOK_LIMIT).fill(event)),
]);
const [{ last_id }] = await query<{ last_id: number }>(
  "select last_id from private.event_counters where organization_id = $1",
  [organization_id],
) as [{ last_id: number }];

/** One look for so many credentials that have seen everything up to an event. */
const look = (credentials: number, after: number) => {
  const subscribers = JSON.stringify(
    Array(credentials).fill({ ...session, issued_at: null, api_key_id: null }),
  );
  return async () => {
    await query("select public.follow_events($1, $2::jsonb, $3, $4)", [
      organization_id,
      subscribers,
      after,
      LOOK_LIMIT,
    ]);
  };
};
const group = "event stream in SQL";

Deno.bench("select 1, beside a stream", { group, baseline: true }, async () => {
  await query("select 1");
});
Deno.bench("a look for one credential, nothing new", { group }, look(1, last_id));
Deno.bench(`a look for ${SUBSCRIBERS} credentials, nothing new`, { group }, look(SUBSCRIBERS, last_id));
Deno.bench(`a look that finds ${LOOK_LIMIT} events`, { group }, look(1, last_id - LOOK_LIMIT));
Deno.bench("a stream's place, taken and given back", { group }, async () => {
  const [{ place }] = await query<{ place: string }>(
    "select public.open_stream($1, null, 10, 150) as place",
    [
      session.user_id,
    ],
  ) as [{ place: string }];
  await query("select public.close_stream($1)", [place]);
});
