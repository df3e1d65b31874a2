import type { SinkError } from "@singlesink/core"
import type { BrokenRecord } from "../input/record.ts"
import type { Output } from "../output/output.ts"

/** How often a code occurred, and where first. */
export interface Problem {
  readonly code: string
  count: number
  readonly source: string
  readonly reason: string
}

const maxPrinted = 10

/** Prints the first problems as they happen, and counts all by their codes. */
export function createProblems(output: Output, print: (line: string) => void) {
  const problems = new Map<string, Problem>()
  let printed = 0

  return {
    add(source: string, error: SinkError | BrokenRecord): void {
      const { code } = error
      const reason = "reason" in error ? error.reason : error.message.replace(/ \[\w+\]$/, "")
      const found = problems.get(code)
      if (found === undefined) problems.set(code, { code, count: 1, source, reason })
      else found.count++
      printed++
      if (printed > maxPrinted) return
      print(`${output.errorColors.yellow(source)} ${reason} [${code}]`)
      if (printed === maxPrinted) print("Further problems are only counted.")
    },
    /** Most frequent first. */
    list: (): Problem[] => [...problems.values()].sort((a, b) => b.count - a.count),
  }
}
