/** The page's root: services, queries, router. */
import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import type { PageRouter } from "./router.tsx";
import { type Services, ServicesContext } from "./services.ts";

/** The whole page. */
export function App({ services, router }: { services: Services; router: PageRouter }) {
  useEffect(() => {
    let person = personOf(services);
    return services.session.subscribe(() => {
      const next = personOf(services);
      // What one person was shown is not for the next one at this browser.
      if (next !== person && next !== undefined) services.queries.clear();
      person = next ?? person;
      if (services.session.get().status === "signed_in") services.queries.invalidateQueries();
      else if (services.session.get().status === "signed_out") services.queries.clear();
      router.invalidate();
    });
  }, [router, services]);
  return (
    <ServicesContext value={services}>
      <QueryClientProvider client={services.queries}>
        {/* Base UI would put <style> elements into the page, which the Content-Security-Policy forbids. */}
        <CSPProvider disableStyleElements>
          <RouterProvider router={router} />
        </CSPProvider>
      </QueryClientProvider>
    </ServicesContext>
  );
}

function personOf(services: Services): string | undefined {
  const state = services.session.get();
  return state.status === "signed_out" ? undefined : state.userId;
}
