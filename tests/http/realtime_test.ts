/** Guarantee, where Supabase Realtime is there: what is written wakes the streams of its organization, no other's. */
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { realtimeWakeUps } from "../../supabase/functions/api/wake_ups.ts";
import { alarm } from "../stream/alarm.ts";
import { emailOf, gatherCast, PASSWORD } from "./cast.ts";
import { GIVEN_SUPABASE_URL } from "./given_stack.ts";

const cast = GIVEN_SUPABASE_URL ? await gatherCast() : undefined;
const NAME = "a change wakes its organization's streams by a broadcast that the service key alone may hear";
// deno-lint-ignore no-console
if (!cast) console.warn(`skipped, for the embedded stack has no Realtime: ${NAME}`);

Deno.test({
  name: NAME,
  ignore: !cast,
  fn: async () => {
    const { call, stack } = cast!;
    const { body: me } = await call("user", "GET", "/v1/auth/me");
    const [own, other] = [alarm(), alarm()];
    const listen = realtimeWakeUps({ supabaseUrl: GIVEN_SUPABASE_URL!, secretKey: stack.secretKey });
    const stops = [listen(me.organization.id, own.wake), listen(me.organization.id + 1, other.wake)];
    await Promise.all([own.rung(1), other.rung(1)]);

    const person = createClient(GIVEN_SUPABASE_URL!, stack.publishableKey);
    await person.auth.signInWithPassword({ email: emailOf("user"), password: PASSWORD });
    const status = await new Promise<string>((resolve) =>
      person.channel(`drift-events:${me.organization.id}`, { config: { private: true } }).subscribe(resolve)
    );
    assert.equal(status, "CHANNEL_ERROR", "not even a member of the organization");
    await person.removeAllChannels();
    await person.auth.stopAutoRefresh();

    const made = await call("user", "POST", "/v1/resources", {
      external_id: "woken",
      name: "woken",
      resource_type: "aws_s3_bucket",
      provider: "aws",
      configuration: { block_public_acls: true },
    });
    assert.equal(made.status, 201);
    await own.rung(2);
    assert.equal(other.count, 1, "the other organization's channel was only joined");
    for (const stop of stops) stop();
  },
});
