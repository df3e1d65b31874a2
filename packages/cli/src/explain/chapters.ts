import { existsSync, readFileSync } from "node:fs"

/** What docs/operating.md says about an error code. */
export interface Chapter {
  readonly code: string
  /** The heading above it, such as ConfigError. */
  readonly group: string
  /** Its first sentence. */
  readonly summary: string
  readonly text: string
}

/** The page is beside the code in the package, and in docs/ in the repository. */
const places = ["./operating.md", "../../../../docs/operating.md"]

export function readChapters(): Chapter[] {
  const page = places.map(place => new URL(place, import.meta.url)).find(url => existsSync(url))
  if (page === undefined) throw new Error("The page operating.md is missing in this installation.")
  return toChapters(readFileSync(page, "utf8"))
}

/** A chapter is a heading of the third level that is a code, up to the next heading. */
function toChapters(markdown: string): Chapter[] {
  return markdown.split(/^## /m).flatMap(part => {
    const [group = "", ...chapters] = part.split(/^### /m)
    return chapters.flatMap(chapter => {
      const [code = "", ...lines] = chapter.split("\n")
      const text = toPlainText(lines.join("\n").trim())
      return /^\w+$/.test(code)
        ? [{ code, group: group.split("\n")[0] ?? "", summary: toSummary(text), text }]
        : []
    })
  })
}

/** Links to other chapters are names here, because they lead nowhere on a terminal. */
const toPlainText = (markdown: string) => markdown.replace(/\[([^\]]+)\]\((?!https?:)[^)]*\)/g, "$1")

const toSummary = (text: string) => /^.*?\.(?=\s|$)/.exec(text.replace(/\s+/g, " "))?.[0] ?? text
