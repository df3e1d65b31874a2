import { createRequire } from "node:module"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { slug } from "github-slugger"
import { defineConfig } from "vitepress"
import { rewriteLinks, toRoute, toSiteLink } from "./links.ts"
import { sidebar } from "./sidebar.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))

const vue = dirname(createRequire(import.meta.url).resolve("vue/package.json"))

export default defineConfig({
  title: "singlesink",
  description: "Segment-style events into SingleStore, each of them once.",
  // The pages are those of the repository, so each text is there once.
  srcDir: root,
  srcExclude: [
    "**/node_modules/**",
    "**/dist/**",
    "**/.*/**",
    "**/*.api.md",
    "**/CHANGELOG.md",
    "tooling/**",
  ],
  rewrites: page => `${toRoute(page)}${/(^|\/)README\.md$/.test(page) ? "index" : ""}.md`,
  outDir: ".vitepress/dist",
  cacheDir: ".vitepress/cache",
  cleanUrls: true,
  lastUpdated: false,
  head: [["link", { rel: "icon", href: "data:," }]],
  themeConfig: {
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
    nav: [
      { text: "Hosts", link: "/packages/core/" },
      { text: "Error codes", link: "/operating" },
      { text: "API", link: "/api/" },
    ],
  },
  vite: {
    resolve: {
      // The pages are outside of this package, so vue is not found from there.
      alias: [
        { find: /^vue$/, replacement: join(vue, "dist/vue.runtime.esm-bundler.js") },
        { find: /^vue\/server-renderer$/, replacement: join(vue, "server-renderer/index.mjs") },
      ],
    },
  },
  markdown: {
    // Generics in the API reference are not HTML.
    html: false,
    anchor: { slugify: slug },
    config(markdown) {
      markdown.core.ruler.push("site-links", ({ env, tokens }) => {
        const page = relative(root, env.realPath ?? env.path)
        for (const { children } of tokens) rewriteLinks(children ?? [], href => toSiteLink(root, page, href))
      })
    },
  },
})
