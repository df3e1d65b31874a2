import { cases, checkSkips, type Skips } from "./cases.ts"
import type { Server, StartHost } from "./host.ts"
import { type RunResult, runOnTestBed } from "./test-bed.ts"

/** The result of one case. */
export interface CaseResult extends RunResult {
  name: string
  /** The reason why it was not run. */
  skipped?: string
}

/** Runs the suite without a test runner, against any server, and yields the result of each case. */
export async function* runSuite(
  server: Server,
  start: StartHost,
  skips: Skips = {},
): AsyncGenerator<CaseResult> {
  checkSkips(skips)
  for (const { name, run } of cases) {
    const reason = skips[name]
    if (reason !== undefined) {
      yield { name, skipped: reason }
      continue
    }
    yield { name, ...(await runOnTestBed(server, start, run)) }
  }
}
