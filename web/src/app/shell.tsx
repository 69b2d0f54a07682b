/** What surrounds every view of a signed-in person: navigation, account, live state. */
import { Outlet, useLocation } from "@tanstack/react-router";
import { Suspense, useEffect, useRef } from "react";
import { missingStep } from "../security/missing_step.ts";
import { useMe, useSession } from "../session/use_session.ts";
import { LiveProvider } from "../stream/live_provider.tsx";
import { LiveState } from "../stream/live_state.tsx";
import { OfflineNote } from "../stream/offline_note.tsx";
import { Account } from "./account.tsx";
import { Commands } from "../commands/commands.tsx";
import { Frame } from "./frame.tsx";
import { late, loadTheRest } from "./late.ts";
import { Navigation } from "./navigation.tsx";

const SignInAgain = late(() => import("../session/sign_in_again.tsx").then((m) => m.SignInAgain));

const SecondFactorGate = late(() =>
  import("../security/second_factor_gate.tsx").then((m) => m.SecondFactorGate)
);

/** The view one came for is there by then. */
const REST_AFTER_MS = 3_000;

/** The frame around the views. */
export function Shell() {
  const session = useSession();
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    // Keyboard and screen reader go on where the new view begins.
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  useEffect(() => {
    const timer = setTimeout(loadTheRest, REST_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const step = missingStep(useMe().error);
  if (step) {
    return (
      <Suspense>
        <SecondFactorGate step={step === "enrolment" ? step : "challenge"} />
      </Suspense>
    );
  }
  return (
    <LiveProvider>
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-ink px-3 py-2 text-on-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <Frame
        status={<LiveState />}
        side={
          <>
            <Navigation />
            <Account />
          </>
        }
      >
        <main id="main" ref={main} tabIndex={-1} className="min-w-0 outline-none max-md:pb-20">
          <Outlet />
        </main>
      </Frame>
      <OfflineNote />
      <Commands />
      {(session.status === "expired" || session.status === "stale") && (
        <Suspense>
          <SignInAgain email={session.email} reason={session.status} />
        </Suspense>
      )}
    </LiveProvider>
  );
}
