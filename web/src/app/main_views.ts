/** The views that the main navigation leads to, and how a link to one looks. */
import { BookOpen, Boxes, CircleUser, GitCompareArrows, Settings } from "lucide-react";

export const NAVIGATION = "flex gap-0.5 px-2 md:flex-1 md:flex-col md:px-3 md:py-2";

const LINK = "flex items-center rounded-md text-muted transition-colors hover:bg-hover hover:text-ink " +
  "aria-[current=page]:text-ink data-[status=active]:text-ink data-[status=active]:font-medium " +
  "md:h-8 md:gap-2.5 md:px-2.5 md:text-[13px] md:data-[status=active]:bg-hover " +
  "max-md:h-14 max-md:flex-1 max-md:flex-col max-md:justify-center max-md:gap-1 max-md:text-[11px] [&_svg]:size-4.5 md:[&_svg]:size-4";

/** In the order of the navigation; one's profile is at its foot where there is room for it. */
export const MAIN_VIEWS = [
  { to: "/drifts", name: "Drifts", Icon: GitCompareArrows, look: LINK },
  { to: "/resources", name: "Resources", Icon: Boxes, look: LINK },
  { to: "/settings", name: "Settings", Icon: Settings, look: LINK },
  { to: "/reference", name: "API reference", Icon: BookOpen, look: `${LINK} max-md:hidden` },
  { to: "/profile", name: "Profile", Icon: CircleUser, look: `${LINK} md:hidden` },
] as const;
