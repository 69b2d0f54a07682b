/** Starts the page: configuration, session, router. */
import "./app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { loadConfig } from "./app/config.ts";
import { createPageRouter, preloadView } from "./app/router.tsx";
import { createServices } from "./app/services.ts";
import { StartFailure } from "./app/start_failure.tsx";
import { redeem, takeLinkSecrets } from "./session/link_secrets.ts";

const root = createRoot(document.getElementById("root")!);

async function start(): Promise<void> {
  try {
    const secret = takeLinkSecrets();
    const services = createServices(await loadConfig());
    const router = createPageRouter(services);
    preloadView(router);
    await services.session.ready;
    await redeem(services.auth, secret, services.session.get(), askToSwitch);
    // The outline in index.html stays until the view itself can take its place.
    await router.load();
    root.render(
      <StrictMode>
        <App services={services} router={router} />
      </StrictMode>,
    );
  } catch (error) {
    root.render(<StartFailure error={error} />);
  }
}

async function askToSwitch(from: string, to: string): Promise<boolean> {
  const { SwitchPerson } = await import("./session/switch_person.tsx");
  return await new Promise((resolve) => root.render(<SwitchPerson from={from} to={to} onChoice={resolve} />));
}

// Not at once: what runs inside this file's own first run makes browsers with open developer tools read the
// whole file a second time for each request's stack.
queueMicrotask(start);
