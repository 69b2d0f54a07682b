/** Calls of the API in the suites of the real Auth server; every answer is held against openapi.json. */
import { type Answer, PASSWORD } from "../http/cast.ts";
import { checkedFetch } from "../http/contract.ts";

export interface Calls {
  call(credential: string | undefined, method: string, path: string, body?: unknown): Promise<Answer>;
  /** Signs in; with a code where one is given. */
  login(email: string, password?: string, totp?: string): Promise<Answer>;
}

/** @param stack asked at each call, so that a suite may start another one in between */
export function callsOf(stack: () => { url: string }): Calls {
  const ask = checkedFetch();
  const call: Calls["call"] = async (credential, method, path, body) => {
    const response = await ask(stack().url + path, {
      method,
      headers: {
        ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined, headers: response.headers };
  };
  return {
    call,
    login: (email, password = PASSWORD, totp) =>
      call(undefined, "POST", "/api/login", { email, password, ...(totp !== undefined && { totp }) }),
  };
}
