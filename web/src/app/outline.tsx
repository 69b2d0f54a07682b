/** The outline of the first view, written into `index.html` at build: it is painted before the script has come. */
import { renderToStaticMarkup } from "react-dom/server";
import { SessionFrame } from "../session/session_frame.tsx";
import { buttonClass } from "../ui/button.tsx";
import { Outline } from "../ui/page.tsx";
import { Frame } from "./frame.tsx";
import { MAIN_VIEWS, NAVIGATION } from "./main_views.ts";

/** As HTML, both outlines; `public/first_paint.js` says which one is seen. The view then takes their place. */
export function outlineHtml(): string {
  return renderToStaticMarkup(
    <>
      <div className="hidden group-data-[outline=app]/page:block">
        <Frame side={<Links />}>
          <main>
            <Outline />
          </main>
        </Frame>
      </div>
      <div className="hidden group-data-[outline=sign-in]/page:block">
        <SessionFrame title="Sign in to InfraAudit" foot={<>&nbsp;</>}>
          <div aria-busy className="grid gap-4">
            <Control name="Email" />
            <Control name="Password" />
            <div className={`${buttonClass({ look: "primary" })} h-9 opacity-50`}>Sign in</div>
          </div>
        </SessionFrame>
      </div>
    </>,
  );
}

/** Real links: they lead on even before there is a script. */
function Links() {
  return (
    <nav aria-label="Main" className={NAVIGATION}>
      {MAIN_VIEWS.map(({ to, name, Icon, look }) => (
        <a key={to} href={to} className={look}>
          <Icon aria-hidden />
          {name}
        </a>
      ))}
    </nav>
  );
}

function Control({ name }: { name: string }) {
  return (
    <div className="grid gap-1.5">
      <span className="text-[13px] font-medium">{name}</span>
      <div className="h-9 rounded-md border border-line-strong shadow-card max-sm:h-10" />
    </div>
  );
}
