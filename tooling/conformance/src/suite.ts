import { cases, checkSkips, type Skips } from "./cases.ts"
import type { Server, StartHost } from "./host.ts"
import { type Performance, perform } from "./stage.ts"

/** What became of one case. */
export interface CaseResult extends Performance {
  name: string
  /** Why it was not run. */
  skipped?: string
}

/** The suite outside of a test runner, case by case, against any server. */
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
    yield { name, ...(await perform(server, start, run)) }
  }
}
