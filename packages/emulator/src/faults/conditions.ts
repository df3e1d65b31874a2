import { type Answer, plain } from "../http/endpoints.ts"
import type { EmulatorRequest } from "../http/log.ts"
import type { StatementRequest } from "../http/request.ts"
import { proxyTooLarge } from "./act.ts"
import { engineText } from "./engine-text.ts"
import type { Condition, FaultOf } from "./fault.ts"
import type { Faults } from "./faults.ts"
import { firstBadRow, insertedRows } from "./rows.ts"

export const tooLarge: Answer = plain(400, "Error reading request body: http: request body too large")

/** What of the server's condition a request meets on its way; each is noted in the log. */
export interface Conditions {
  passwordChanged(entry: EmulatorRequest): boolean
  refuseBody(entry: EmulatorRequest): Answer | undefined
  refuseStatement(entry: EmulatorRequest, request: StatementRequest): Answer | undefined
}

export function createConditions(faults: Faults): Conditions {
  const meet = <Kind extends Condition["kind"]>(
    kind: Kind,
    entry: EmulatorRequest,
    applies?: (fault: FaultOf<Kind>) => boolean,
  ): FaultOf<Kind> | undefined => {
    const fault = faults.strike([kind], entry.path, applies)
    // What hit the request as a whole is what its client saw.
    if (fault !== undefined) entry.fault ??= kind
    return fault
  }

  return {
    passwordChanged: entry => meet("wrong_password", entry) !== undefined,
    refuseBody(entry) {
      const fault = meet("body_limit", entry, ({ maxBytes }) => entry.bytes > maxBytes)
      return fault && (fault.answer === 413 ? proxyTooLarge : tooLarge)
    },
    refuseStatement(entry, { sql, args }) {
      if (meet("recovering", entry) !== undefined) return plain(400, engineText(2269))
      // The rows are read from the statement where somebody asks for them, and once.
      let rows: string[][] | undefined
      let bad: number | undefined
      const fault = meet("refuse_rows", entry, fault => {
        rows ??= insertedRows(sql, args)
        bad = firstBadRow(rows, fault)
        return bad !== undefined
      })
      return fault && plain(fault.status ?? 400, fault.text ?? engineText(fault.code ?? 1366, undefined, bad))
    },
  }
}
