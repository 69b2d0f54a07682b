/** How Vite builds and serves the page; shared by the build and the development server. */
import { readFile } from "node:fs/promises";
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
    // React has it built in since version 18.
    resolve: {
      alias: [
        // Every schema finds zod as the page sets it.
        { find: /^zod$/, replacement: new URL("src/zod.ts", import.meta.url).pathname },
        {
          find: "use-sync-external-store/shim/with-selector",
          replacement: "use-sync-external-store/with-selector",
        },
      ],
    },
    plugins: [react(), tailwind(), leaveOutOfZod(), preloadFont(), drawOutline()],
    build: {
      outDir,
      emptyOutDir: true,
      // The Content-Security-Policy takes fonts and images from files only, never from data URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 700,
      // What the first view needs in one file, what most others share in another: a dozen small ones compress worse.
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [{ name: "initial", tags: ["$initial"] }, {
              name: "shared",
              minShareCount: 4,
              maxSize: 150_000,
            }],
          },
        },
      },
    },
  };
}

/**
 * zod's schemas bring along how they are written as JSON Schema, which a page that only validates never asks for, and
 * its own words for faults, in whose place `src/zod.ts` has ours.
 */
function leaveOutOfZod(): Plugin {
  return {
    name: "leave-out-of-zod",
    apply: "build",
    load: {
      filter: { id: /zod\/v4\/(?:core\/(?:to-json-schema|json-schema-processors)|locales\/en)\.js$/ },
      async handler(id) {
        const names = [...(await readFile(id, "utf8")).matchAll(/^export (?:const|function) (\w+)/gm)];
        const stubs = names.map(([, name]) => `export const ${name} = () => () => ({});`);
        return [...stubs, "export default () => ({});"].join("\n");
      },
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
