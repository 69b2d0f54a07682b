/** Code of views and dialogs that is loaded when first opened, or before, as soon as there is time. */
import { lazyRouteComponent } from "@tanstack/react-router";
import { type ComponentType, lazy } from "react";
import { NetworkFailure } from "../../../shared/client/client_failures.ts";

const RELOADED_KEY = "infraaudit.reloaded";
const RELOAD_PAUSE_MS = 60_000;
const AGAIN_MS = 2_000;

type Load<Module> = () => Promise<Module>;
const known = new Set<Load<unknown>>();

/** A view's code. Where it can't be had, the router's failure says so in place and tries again. */
export function lateView<Module extends Record<Name, ComponentType>, Name extends string>(
  load: Load<Module>,
  name: Name,
) {
  known.add(load);
  // The router would reload the page where a file can't be had: offline, that is the browser's own error page.
  return lazyRouteComponent(
    () =>
      load().catch((cause) => {
        reloadForNewVersion();
        throw new NetworkFailure(location.origin, "the view's code could not be loaded", cause);
      }),
    name,
  );
}

/** A dialog's or part's code. It is asked for until it comes: the view around it stays as it is. */
// deno-lint-ignore no-explicit-any -- as React.lazy itself: a component of any properties.
export function late<Part extends ComponentType<any>>(load: Load<Part>) {
  known.add(load);
  return lazy(async () => {
    for (;;) {
      try {
        return { default: await load() };
      } catch {
        reloadForNewVersion();
        await backOnline();
      }
    }
  });
}

/** Loads whatever was not opened yet, so that it opens at once, offline too. */
export function loadTheRest(): void {
  const idle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
  const [first] = known;
  if (!first || !navigator.onLine) return;
  known.delete(first);
  idle(() => first().then(loadTheRest, () => known.add(first)));
}

/** A newer version of the page replaced the files of this one: only a reload leads on, once a minute at most. */
function reloadForNewVersion(): void {
  if (!navigator.onLine) return;
  const last = Number(sessionStorage.getItem(RELOADED_KEY) ?? 0);
  if (Date.now() - last < RELOAD_PAUSE_MS) return;
  fetch("/config.json", { cache: "no-store" }).then(({ ok }) => {
    if (!ok) return;
    sessionStorage.setItem(RELOADED_KEY, String(Date.now()));
    location.reload();
  }, () => {});
}

function backOnline(): Promise<void> {
  return new Promise((resolve) => {
    addEventListener("online", () => resolve(), { once: true });
    setTimeout(() => navigator.onLine && resolve(), AGAIN_MS);
  });
}
