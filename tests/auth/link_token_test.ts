/** Guarantee: a link's token has 256 random bits and one spelling, and only its digest goes on. */
import assert from "node:assert/strict";
import { digestLinkToken, drawLinkToken, isLinkToken } from "../../shared/auth/link_token.ts";
import { describeCause } from "../../shared/config/log.ts";

for (const kind of ["invite", "ticket"] as const) {
  Deno.test(`${kind}: 43 base62 characters after its name, never twice`, () => {
    const drawn = Array.from({ length: 1000 }, () => drawLinkToken(kind));
    assert.equal(new Set(drawn).size, 1000);
    for (const token of drawn) {
      assert.match(token, new RegExp(`^ia_${kind}_[0-9A-Za-z]{43}$`));
      assert.ok(isLinkToken(token, kind));
      assert.ok(!isLinkToken(token, kind === "invite" ? "ticket" : "invite"));
    }
  });

  Deno.test(`${kind}: a log line cuts it out`, () => {
    const token = drawLinkToken(kind);
    assert.equal(describeCause(new Error(`at ?token=${token}&x`)), "Error: at ?token=[secret]&x");
  });
}

const GOOD = `ia_ticket_${"aA0".repeat(14)}z`;
for (
  const text of [
    "",
    "ia_ticket_",
    GOOD.slice(1),
    `${GOOD}a`,
    GOOD.slice(0, -1),
    `${GOOD}\n`,
    ` ${GOOD}`,
    GOOD.toUpperCase(),
  ]
) {
  Deno.test(`${JSON.stringify(text)} is no ticket`, () => {
    assert.ok(isLinkToken(GOOD, "ticket"));
    assert.ok(!isLinkToken(text, "ticket"));
  });
}

Deno.test("the digest is SHA-256 in hex", () => {
  assert.equal(
    digestLinkToken("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
