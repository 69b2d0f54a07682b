/** The API works from outside: at INFRAAUDIT_BASE_URL where that is set, else on a local stack of its own. */
import { startStack } from "../../dev/stack.ts";
import { DEMO_PERSON, smoke } from "./smoke.ts";

Deno.test("the API from outside", async (t) => {
  const baseUrl = Deno.env.get("INFRAAUDIT_BASE_URL");
  if (baseUrl) {
    const email = Deno.env.get("INFRAAUDIT_EMAIL") ?? DEMO_PERSON.email;
    const password = Deno.env.get("INFRAAUDIT_PASSWORD") ?? DEMO_PERSON.password;
    return await smoke(t, { baseUrl, email, password });
  }
  const stack = await startStack({ port: 0, ephemeral: true, web: false });
  try {
    await smoke(t, { baseUrl: stack.url, ...DEMO_PERSON });
  } finally {
    await stack.stop();
  }
});
