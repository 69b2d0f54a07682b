/** Guarantee: whoever holds an invitation's link learns what it is, and nobody else learns anything. */
import assert from "node:assert/strict";
import { gatherCast } from "./cast.ts";

const { call } = await gatherCast();
const PATH = "/v1/settings/team/accept/preview";

async function invite(email: string) {
  const { body, status } = await call("owner", "POST", "/v1/settings/team/invite", { email, role: "viewer" });
  assert.equal(status, 201, JSON.stringify(body));
  const token = /ia_invite_[0-9A-Za-z]{43}/.exec(body.accept_url)![0];
  return { id: body.id, token };
}

Deno.test("the link tells organization, inviter, role and whom it is for, without a credential", async () => {
  const { token, id } = await invite("preview@example.com");
  const { status, body } = await call("anonymous", "POST", PATH, { token });
  assert.equal(status, 200);
  const { expires_at, organization, ...rest } = body;
  assert.equal(organization.name, "Demo");
  assert.ok(Date.parse(expires_at) > Date.now());
  assert.deepEqual(rest, {
    email: "preview@example.com",
    role: "viewer",
    status: "pending",
    invited_by: { email: "owner@example.com", full_name: "Olga Owner" },
  });
  assert.equal((await call("owner", "DELETE", `/v1/settings/team/invites/${id}`)).status, 204);
  assert.equal((await call("anonymous", "POST", PATH, { token })).body.status, "cancelled");
});

Deno.test("a token that is none, or was replaced, tells nothing", async () => {
  const { id, token } = await invite("replaced@example.com");
  assert.equal((await call("owner", "POST", `/v1/settings/team/invites/${id}/resend`)).status, 200);
  for (const [wrong, status] of [[token, 404], [`ia_invite_${"x".repeat(43)}`, 404], ["ia_invite_x", 400]]) {
    const answer = await call("owner", "POST", PATH, { token: wrong });
    assert.equal(answer.status, status);
    assert.ok(!JSON.stringify(answer.body).includes("replaced@example.com"));
  }
});
