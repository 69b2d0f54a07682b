/** Who is signed in, shared by every view and tab. Tokens stay inside Supabase's auth client. */
import type { GoTrueClient, Session } from "@supabase/auth-js";

/**
 * The state of the session. `expired`: the person must sign in again to go on. `stale`: it is good, but what they were
 * at asks for a more recent sign-in.
 */
export type SessionState =
  | { status: "signed_out" }
  | { status: "signed_in" | "expired" | "stale"; userId: string; email: string };

/** What views and the API client need of the session. */
export interface SessionStore {
  /** Resolves once it is known whether somebody is signed in. */
  ready: Promise<void>;
  get: () => SessionState;
  subscribe: (listener: () => void) => () => void;
  /** The access token for a call; see `ClientOptions.credential`. */
  credential: (refused?: string) => Promise<string | undefined>;
  /** Supabase's client; what it does from then on, this store follows. */
  client: () => Promise<GoTrueClient>;
  /** How often somebody has signed in since the page was opened. */
  signIns: () => number;
  /** Takes over a session that the API handed out. */
  adopt: (tokens: { token: string; refresh_token: string }) => Promise<void>;
  /** The server no longer takes the session: ask again, keep the view. */
  expire: () => void;
  /** The server wants a more recent sign-in for what was tried: ask for it, keep the view. */
  demandRecent: () => void;
  /** The person goes on without the more recent sign-in. */
  goOn: () => void;
  /** Ends the session here, on the server and in the other tabs. */
  signOut: () => Promise<void>;
}

const SIGN_OUT = "signed-out";

/**
 * Follows the auth client, which is loaded once there is something to follow.
 * @param loadAuth the client that keeps the session in local storage and refreshes it
 * @param kept where in local storage it does
 */
export function createSessionStore(loadAuth: () => Promise<GoTrueClient>, kept: string): SessionStore {
  let state: SessionState = { status: "signed_out" };
  let signIns = 0;
  const listeners = new Set<() => void>();
  const otherTabs = new BroadcastChannel("infraaudit.session");
  const set = (next: SessionState) => {
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    listeners.forEach((listener) => listener());
  };
  const expire = () => {
    if (state.status !== "signed_out") set({ ...state, status: "expired" });
  };
  let becomeReady = () => {};
  const ready = new Promise<void>((resolve) => becomeReady = resolve);
  let following: Promise<GoTrueClient> | undefined;
  const follow = () =>
    following ??= loadAuth().then((auth) => {
      auth.onAuthStateChange((event, session) => {
        // A renewed token is no more recent a sign-in.
        if (session) {
          set(state.status === "stale" ? { ...toState(session), status: "stale" } : toState(session));
        } // Without a sign-out by the person, the session died by itself: what they were at must not be lost.
        else if (event === "SIGNED_OUT") expire();
        if (event === "INITIAL_SESSION") becomeReady();
      });
      return auth;
    }, (error) => {
      following = undefined;
      throw error;
    });
  // Another tab may sign in while this one shows a view that needs no session.
  addEventListener("storage", ({ key, newValue }) => key === kept && newValue && void follow());
  otherTabs.onmessage = ({ data }) => data === SIGN_OUT && set({ status: "signed_out" });

  return {
    ready: isKept(kept) ? follow().then(() => ready) : Promise.resolve(),
    client: follow,
    get: () => state,
    signIns: () => signIns,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async credential(refused) {
      const auth = await follow();
      const { data } = await auth.getSession();
      if (!refused || data.session?.access_token !== refused) return data.session?.access_token;
      const renewed = await auth.refreshSession();
      if (renewed.error && renewed.error.name !== "AuthRetryableFetchError") expire();
      return renewed.data.session?.access_token;
    },
    async adopt({ token, refresh_token }) {
      const auth = await follow();
      const { data, error } = await auth.setSession({ access_token: token, refresh_token });
      if (error) throw error;
      signIns += 1;
      if (data.session) set(toState(data.session));
    },
    expire,
    demandRecent: () => state.status === "signed_in" && set({ ...state, status: "stale" }),
    goOn: () => state.status === "stale" && set({ ...state, status: "signed_in" }),
    async signOut() {
      set({ status: "signed_out" });
      otherTabs.postMessage(SIGN_OUT);
      await (await follow()).signOut({ scope: "local" });
    },
  };
}

function isKept(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

function toState({ user }: Session) {
  return { status: "signed_in", userId: user.id, email: user.email ?? "" } as const;
}
