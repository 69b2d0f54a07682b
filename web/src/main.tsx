/** Starts the page: configuration, session, router. */
import "./zod_settings.ts";
import "./app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { loadConfig } from "./app/config.ts";
import { createServices } from "./app/services.ts";
import { StartFailure } from "./app/start_failure.tsx";
import { redeem, takeLinkSecrets } from "./session/link_secrets.ts";

const root = createRoot(document.getElementById("root")!);
try {
  const secret = takeLinkSecrets();
  const services = createServices(await loadConfig());
  await services.session.ready;
  await redeem(services.auth, secret);
  root.render(
    <StrictMode>
      <App services={services} />
    </StrictMode>,
  );
} catch (error) {
  root.render(<StartFailure error={error} />);
}
