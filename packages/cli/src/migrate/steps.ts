import { halve, type Range } from "./range.ts"

/** What is known about a range before it is copied. */
export interface Measure {
  readonly rows: number
  /** Whether every id of the range is in the new table. */
  readonly isCopied: boolean
}

export interface Step extends Measure {
  readonly range: Range
}

interface Parts {
  /** The rows are `Infinity` if they cannot be counted in time. */
  readonly measure: (range: Range) => Promise<Measure>
  /** The id of the last of the first `rows` rows of a range; undefined if there are fewer. */
  readonly idAt: (range: Range, rows: number) => Promise<string | undefined>
  readonly maxRows: number
}

/**
 * Divides a range into steps of at most `maxRows` rows, from the oldest to the newest: by halves in time, and by ids if too
 * many rows have the same time. A range that is copied is one step, however large it is, so a migration that continues
 * comes quickly to the rows that are left.
 */
export async function* findSteps(range: Range, parts: Parts): AsyncGenerator<Step> {
  const found = await parts.measure(range)
  if (found.rows === 0) return
  const halves = halve(range)
  if (found.isCopied || found.rows <= parts.maxRows) yield { range, ...found }
  else if (halves === undefined) yield* findStepsById(range, parts)
  else for (const half of halves) yield* findSteps(half, parts)
}

async function* findStepsById(range: Range, { measure, idAt, maxRows }: Parts): AsyncGenerator<Step> {
  let after: string | undefined
  do {
    // Rows with the same id are in one step, so each step comes further.
    const upTo: string | undefined = await idAt({ ...range, ids: { after, upTo: undefined } }, maxRows)
    const step = { ...range, ids: { after, upTo } }
    const found = await measure(step)
    if (found.rows > 0) yield { range: step, ...found }
    after = upTo
  } while (after !== undefined)
}
