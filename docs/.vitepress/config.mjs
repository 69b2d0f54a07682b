/** The static site of these pages: its menu is what index.md lists, its search runs in the browser. */
import { readFileSync } from "node:fs";
import process from "node:process";

const repository = process.env.GITHUB_REPOSITORY;

/** Each heading of index.md with the pages under it. */
function menu() {
  const text = readFileSync(new URL("../index.md", import.meta.url), "utf8");
  return text.split(/^## /m).slice(1).map((group) => ({
    text: group.split("\n", 1)[0],
    items: [...group.matchAll(/^- \[([^\]]+)\]\((\S+)\.md\)$/gm)].map(([, name, page]) => ({
      text: name,
      link: `/${page}`,
    })),
  }));
}

/** Files beside docs/ are no pages: their links lead to the repository, where there is one. */
function linkToRepository(md) {
  const render = md.renderer.rules.link_open;
  md.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const href = tokens[index].attrGet("href") ?? "";
    if (href.startsWith("../") && repository) {
      tokens[index].attrSet(
        "href",
        `https://github.com/${repository}/blob/main/${href.replace(/^(?:\.\.\/)+/, "")}`,
      );
    }
    return render ? render(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
  };
}

export default {
  title: "InfraAudit",
  description: "Configuration drift of cloud infrastructure",
  lang: "en",
  base: process.env.DOCS_BASE ?? "/",
  cleanUrls: true,
  // A dead link fails the build; those that leave docs/ are checked by tests/docs.
  ignoreDeadLinks: [/^(?:\.\/)?(?:\.\.\/)+/, (url) => url.includes("127.0.0.1") || url.includes("localhost")],
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  markdown: { config: linkToRepository },
  themeConfig: {
    sidebar: menu(),
    search: { provider: "local" },
    outline: [2, 3],
    ...repository && { socialLinks: [{ icon: "github", link: `https://github.com/${repository}` }] },
  },
};
