import { existsSync, readFileSync, statSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"

/**
 * Where a link of a page leads on the site. The pages are those of the repository, so their links are relative paths:
 * to a page, to a folder with a README, or to a file that is not on the site.
 *
 * @param root the root of the repository
 * @param page the path of the page in the repository
 * @returns undefined if there is no place for it
 */
export function toSiteLink(root: string, page: string, href: string): string | undefined {
  if (/^(?:[a-z]+:|#|\/)/i.test(href)) return href
  const [path = "", fragment] = href.split("#")
  const target = resolve(root, dirname(page), path)
  const file = existsSync(target) && statSync(target).isDirectory() ? join(target, "README.md") : target
  const suffix = fragment === undefined ? "" : `#${fragment}`
  if (file.endsWith(".md") && existsSync(file)) return `/${toRoute(relative(root, file))}${suffix}`
  return toRepositoryLink(root, relative(root, target))
}

/** The path of a page on the site, without its extension. */
export function toRoute(page: string): string {
  const path = page.replace(/^docs\//, "").replace(/^apps\/docs\//, "")
  return path.replace(/README\.md$/, "").replace(/\.md$/, "")
}

/** The file in the repository, if the owner has set where that is. */
function toRepositoryLink(root: string, path: string): string | undefined {
  const { repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    repository?: string
  }
  return repository === undefined ? undefined : `${repository}/blob/main/${path}`
}

interface Token {
  type: string
  tag: string
  attrGet(name: string): string | null
  attrSet(name: string, value: string): void
}

/** Replaces the links of a paragraph. A link without a place becomes text. */
export function rewriteLinks(tokens: readonly Token[], rewrite: (href: string) => string | undefined): void {
  let isText = false
  for (const token of tokens) {
    if (token.type === "link_open") {
      const href = rewrite(token.attrGet("href") ?? "")
      isText = href === undefined
      if (href !== undefined) token.attrSet("href", href)
      else token.type = "span_open"
    } else if (token.type === "link_close" && isText) token.type = "span_close"
    if (token.type.startsWith("span_")) token.tag = "span"
  }
}
