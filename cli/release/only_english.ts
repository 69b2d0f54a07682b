/** Leaves the other languages of zod's messages, half of that package, out of a bundle: nothing here shows them. */
import type { Plugin } from "esbuild";

export const ONLY_ENGLISH: Plugin = {
  name: "only-english",
  setup(build) {
    build.onLoad({ filter: /zod[^/]*\/v4\/locales\/index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};
