/** Nothing that is said shows a secret: neither known values nor what looks like a credential. */
import assert from "node:assert/strict";
import { maskBody } from "../../cli/debug_fetch.ts";
import { Secrets } from "../../cli/terminal/secrets.ts";
import { KEY } from "./samples.ts";

const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

Deno.test("known values and unknown credentials are masked, ordinary words are not", () => {
  const secrets = new Secrets();
  secrets.add("hunter22", "hunter22-and-more", 'quo"ted', "abc", undefined);
  const rows: [text: string, masked: string][] = [
    ["password hunter22 is wrong", "password *** is wrong"],
    ["hunter22-and-more", "***"],
    [JSON.stringify({ p: 'quo"ted' }), '{"p":"***"}'],
    [`Bearer ${TOKEN}`, "Bearer ***"],
    [`key ${KEY}.`, "key ia_live_4fQ0aZ81Kp_***."],
    [`http://a/api/ws/drifts?token=st_123&x=1`, "http://a/api/ws/drifts?token=***&x=1"],
    ["abc is too short to be kept apart from words", "abc is too short to be kept apart from words"],
    ["ia_live is a prefix, eyJ is none", "ia_live is a prefix, eyJ is none"],
  ];
  for (const [text, masked] of rows) assert.equal(secrets.mask(text), masked);
});

Deno.test("a debugged body shows its fields, not its secrets, wherever they are", () => {
  const body = { email: "a@b.ch", password: "p", nested: [{ refresh_token: "r", key: KEY }] };
  assert.equal(
    maskBody(JSON.stringify(body)),
    '{"email":"a@b.ch","password":"***","nested":[{"refresh_token":"***","key":"***"}]}',
  );
  assert.equal(maskBody("password=p"), "(10 characters that are not JSON)");
});
