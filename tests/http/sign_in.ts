/** Signing in where a suite has several stacks, or none of the cast's. */
import assert from "node:assert/strict";
import { emailOf, PASSWORD, type Person } from "./cast.ts";

/**
 * Signs a demo person in at a stack.
 * @param url of the stack, without a slash at its end
 * @returns the access token
 */
export async function tokenAt(url: string, person: Person): Promise<string> {
  const response = await fetch(`${url}/api/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: emailOf(person), password: PASSWORD }),
  });
  const body = await response.json();
  assert.equal(response.status, 200, `${person} can't sign in`);
  return body.token;
}
