import type { Output } from "../output/output.ts"
import type { Counts } from "./ledger.ts"
import type { Problem } from "./problems.ts"

export interface Summary {
  readonly counts: Counts
  /** Stored events whose id was in the table before. */
  readonly duplicates: number
  /** Events that violate their schema, whether they are rejected or stored. */
  readonly violations: number
  readonly problems: readonly Problem[]
  readonly seconds: number
  readonly bytesRead: number
  /** The table with its database. */
  readonly table: string
  readonly isDryRun: boolean
  readonly deadLetters: string | undefined
  /** The checkpoint to continue from, if the load is not complete. */
  readonly checkpoint: string | undefined
  /** The error that ended the load. */
  readonly error: Error | undefined
  /** More members of the JSON result. */
  readonly details: Record<string, unknown> | undefined
}

/** Prints the result of a load. Its first line accounts for every record. */
export function printSummary(output: Output, summary: Summary): void {
  const { counts, duplicates, violations, problems, seconds, bytesRead, table, isDryRun, deadLetters } =
    summary
  const { read, stored, rejected, failed, broken } = counts
  const stores = isDryRun ? "would be stored" : "stored"
  output.print(
    `${toCount(read)} read = ${toCount(stored)} ${stores} + ${toCount(rejected)} rejected + ${toCount(failed)} failed + ${toCount(broken)} broken`,
  )
  if (!isDryRun) output.print(`${toCount(duplicates)} of the stored were in ${table} before`)
  if (violations > 0) output.print(`${toCount(violations)} violate their schema`)
  const megabytes = bytesRead / 1_000_000
  output.print(
    `${megabytes.toFixed(1)} MB in ${seconds.toFixed(1)} s, ${(megabytes / Math.max(seconds, 0.001)).toFixed(1)} MB/s`,
  )
  for (const { code, count, source, reason } of problems) {
    output.print(`${output.colors.yellow(code)} ${toCount(count)}, first at ${source}: ${reason}`)
  }
  if (problems.length > 0) output.print("`singlesink explain CODE` tells more about a code.")
  if (deadLetters !== undefined)
    output.print(
      `The events that are not stored are in ${deadLetters}. Correct them, and use \`singlesink replay\`.`,
    )
  output.printJson({
    ...counts,
    duplicates,
    violations,
    seconds,
    bytesRead,
    dryRun: isDryRun,
    problems,
    deadLetters,
    checkpoint: summary.checkpoint,
    error: summary.error?.message,
    ...summary.details,
  })
}

const toCount = (count: number) => count.toLocaleString("en")
