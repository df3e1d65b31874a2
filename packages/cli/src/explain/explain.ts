import { type ExitCode, exitCodes } from "../exit.ts"
import type { Output } from "../output/output.ts"
import { readChapters } from "./chapters.ts"

/** Prints the chapter of docs/operating.md about an error code, or the codes. It needs no network. */
export function explain(output: Output, given?: string): ExitCode {
  const chapters = readChapters()
  if (given === undefined) {
    for (const { code, summary } of chapters) output.print(`${code.padEnd(24)}${summary}`)
    output.printJson(chapters.map(({ code, summary }) => ({ code, summary })))
    return exitCodes.ok
  }
  // Copied from the end of a message, it has brackets.
  const code = given.replace(/^\[|\]$/g, "").toLowerCase()
  const chapter = chapters.find(each => each.code === code)
  if (chapter === undefined) {
    const similar = chapters.filter(each => each.code.includes(code) || isSimilar(each.code, code))
    const hint =
      similar.length > 0
        ? `Did you mean ${similar.map(each => each.code).join(" or ")}?`
        : "`singlesink explain` lists the codes."
    output.fail(`There is no error code ${given}. ${hint}`)
    return exitCodes.usage
  }
  const { text, ...fields } = chapter
  output.print(`${output.colors.bold(code)} (${chapter.group})\n\n${text}`)
  output.printJson({ ...fields, text })
  return exitCodes.ok
}

/** Whether two codes share most of their words. */
function isSimilar(one: string, other: string): boolean {
  const words = new Set(one.split("_"))
  return other.split(/[\W_]+/).some(word => word.length > 3 && words.has(word))
}
