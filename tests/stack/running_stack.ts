/** A fresh stack for one test file, stopped when the file is done. */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { type Stack, type StackOptions, startStack } from "../../dev/stack.ts";

/** A stack that ends with the block that holds it. */
export type RunningStack = Stack & AsyncDisposable;

/** The password of every demo person. */
export const DEMO_PASSWORD = "your-password";

/** Starts a stack in memory on a free port. */
export async function runStack(options: StackOptions = {}): Promise<RunningStack> {
  const stack = await startStack({ port: 0, ephemeral: true, web: false, ...options });
  return Object.assign(stack, { [Symbol.asyncDispose]: () => stack.stop() });
}

/** A supabase-js client that keeps nothing and refreshes nothing by itself. */
export function clientOf(stack: Stack, key = stack.publishableKey): SupabaseClient {
  return createClient(stack.url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
}

/** A client in which this demo person has signed in. */
export async function signedIn(stack: Stack, email: string): Promise<SupabaseClient> {
  const client = clientOf(stack);
  const { error } = await client.auth.signInWithPassword({ email, password: DEMO_PASSWORD });
  if (error) throw error;
  return client;
}

/** The access token of a signed-in client. */
export async function tokenOf(client: SupabaseClient): Promise<string> {
  return (await client.auth.getSession()).data.session!.access_token;
}
