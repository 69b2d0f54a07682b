/** How Vite builds and serves the page; shared by the build and the development server. */
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { InlineConfig, Plugin } from "vite";

/** Where the build lies and where the stack and static hosts serve it from. */
export const DIST = new URL("dist/", import.meta.url).pathname;
const OUTLINE = new URL("src/app/outline.tsx", import.meta.url).href;

/**
 * Vite's options, given in code: there is no config file to find.
 * @param outDir directory the build is written to
 */
export function viteOptions(outDir: string = DIST): InlineConfig {
  return {
    configFile: false,
    root: import.meta.dirname,
    // Beside the packages it is made of: below `web/` it would be linted, and taken for the page's source.
    cacheDir: new URL("../node_modules/.vite", import.meta.url).pathname,
    plugins: [react(), tailwind(), preloadFont(), drawOutline()],
    build: {
      outDir,
      emptyOutDir: true,
      // The Content-Security-Policy takes fonts and images from files only, never from data URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 700,
      // Everything the first view needs in one file: a dozen small ones compress worse.
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: "initial", tags: ["$initial"] }] } } },
    },
  };
}

/** Starts the text font's download beside the script's, so that the first text does not change its shape. */
function preloadFont(): Plugin {
  return {
    name: "preload-font",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((name) => /inter-latin-wght-normal.*\.woff2$/.test(name));
        if (!font) throw new Error("the text font is not part of the build");
        const attrs = { rel: "preload", as: "font", type: "font/woff2", crossorigin: "", href: `/${font}` };
        return [{ tag: "link", attrs, injectTo: "head" }];
      },
    },
  };
}

/** Writes the outline of the first view into the page. */
function drawOutline(): Plugin {
  return {
    name: "draw-outline",
    transformIndexHtml: {
      order: "pre",
      async handler(html) {
        // By a computed address: whoever imports these options is not to be checked against the browser's types.
        const { outlineHtml }: { outlineHtml: () => string } = await import(OUTLINE);
        return html.replace("<!-- outline -->", outlineHtml());
      },
    },
  };
}
