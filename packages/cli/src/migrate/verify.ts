import { quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { CommandError, exitCodes } from "../exit.ts"
import { queryCount } from "./count.ts"
import { type Counts, readCounts } from "./counts.ts"
import type { Layout } from "./layout.ts"
import { toCount } from "./plan.ts"
import { type Route, toMissingCount } from "./statements.ts"

export interface Verification {
  /** The old table after the comparison. */
  readonly counts: Counts
  /** The rows of the new table. */
  readonly copied: number
  /** Whether both have the same ids. They can differ only by rows that arrived during the copy. */
  readonly isExact: boolean
}

/**
 * Compares the tables after a pass over all rows.
 *
 * @param before the ids of the old table before the pass, which must all be copied
 * @throws CommandError if ids are lost, or if the new table has others
 */
export async function verifyCopy(
  api: DataApi,
  route: Route,
  layout: Layout,
  before: number,
): Promise<Verification> {
  // In this order, rows that arrive meanwhile can only make the last number larger.
  const missing = await queryCount(api, toMissingCount(route, layout, {}))
  const copied = await queryCount(api, {
    sql: `SELECT COUNT(*) AS n FROM ${quoteName(route.to)}`,
    args: [],
  })
  const counts = await readCounts(api, route.from, layout)
  const arrived = counts.messageIds - before
  if (missing > Math.max(arrived, 0))
    throw new CommandError(
      `${route.to} lacks ${toCount(missing)} of the ${toCount(counts.messageIds)} messageIds of ${route.from}, although all rows were copied. Nothing was renamed. Run migrate again; if it ends like this again, drop ${route.to} and start over.`,
      exitCodes.incomplete,
    )
  if (copied > counts.messageIds)
    throw new CommandError(
      `${route.to} has ${toCount(copied)} rows, but ${route.from} has only ${toCount(counts.messageIds)} messageIds: something else wrote to ${route.to}, or rows of ${route.from} were deleted. Nothing was renamed. Drop ${route.to}, and run migrate again.`,
      exitCodes.incomplete,
    )
  return { counts, copied, isExact: missing === 0 && copied === counts.messageIds }
}
