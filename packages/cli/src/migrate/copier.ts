import { isSinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { queryCount } from "./count.ts"
import type { Layout } from "./layout.ts"
import { halve, type Range } from "./range.ts"
import { retry } from "./retry.ts"
import { type Route, toCopy, toIdAt, toIdCount, toMissingCount, toRowCount } from "./statements.ts"
import { findSteps, type Measure, type Step } from "./steps.ts"

export interface CopierOptions {
  readonly api: DataApi
  readonly layout: Layout
  readonly maxRows: number
  /** Called before each step. What it throws ends the copy. */
  readonly checkStop: () => void
  /** @param stored how many rows of the step were not in the new table */
  readonly onStep: (step: Step, stored: number) => void
}

/** Copies the rows of one table to another that are missing there. Every part can be interrupted and repeated. */
export function createCopier({ api, layout, maxRows, checkStop, onStep }: CopierOptions) {
  /** Halves a step that takes too long. The server may still be working on it, which does no harm. */
  async function copy(route: Route, range: Range): Promise<number> {
    const halves = halve(range)
    try {
      const { sql, args } = toCopy(route, layout, range)
      const run = () => api.exec(sql, args)
      return (await retry(run, { timeouts: halves === undefined ? 1 : 0 })).rowsAffected
    } catch (error) {
      if (halves === undefined || !isTimeout(error)) throw error
      let stored = 0
      for (const half of halves) stored += await copy(route, half)
      return stored
    }
  }

  async function copyAll(
    route: Route,
    span: Range,
    isCopied: (range: Range, rows: number) => Promise<boolean>,
  ) {
    async function measure(range: Range): Promise<Measure> {
      try {
        const options = { timeouts: halve(range) === undefined ? 1 : 0 }
        const rows = await queryCount(api, toRowCount(route.from, layout, range), options)
        return { rows, isCopied: rows > 0 && (await isCopied(range, rows)) }
      } catch (error) {
        if (!isTimeout(error) || halve(range) === undefined) throw error
        return { rows: Number.POSITIVE_INFINITY, isCopied: false }
      }
    }
    async function idAt(range: Range, rows: number): Promise<string | undefined> {
      const { sql, args } = toIdAt(route.from, layout, range, rows)
      const [row] = await retry(() => api.query<{ id: string }>(sql, args))
      return row?.id
    }
    checkStop()
    for await (const step of findSteps(span, { measure, idAt, maxRows })) {
      checkStop()
      onStep(step, step.isCopied ? 0 : await copy(route, step.range))
      checkStop()
    }
  }

  return {
    /**
     * Copies what is missing in a table that has nothing but copied rows. Then equal counts prove that a range is copied,
     * and need no join.
     */
    copyToCopy: (route: Route, span: Range) =>
      copyAll(route, span, async range => {
        // The two tables sort ids in the same order only if both compare bytes.
        if (range.ids !== undefined && !layout.isBinary) return false
        const stored = await queryCount(api, toRowCount(route.to, layout, range))
        return stored > 0 && stored === (await queryCount(api, toIdCount(route.from, layout, range)))
      }),
    /** Copies what is missing in a table that also has other rows. */
    copyMissing: (route: Route, span: Range) =>
      copyAll(
        route,
        span,
        async range => (await queryCount(api, toMissingCount(route, layout, range))) === 0,
      ),
  }
}

const isTimeout = (error: unknown) => isSinkError(error) && error.code === "timeout"
