import { IntegrationError, MultiStatusResponse } from "@segment/actions-core"
import { isSinkError, type Outcome, type SinkErrorCode } from "@singlesink/core"
import { toFormMessage } from "./form-message.ts"

/** What no retry changes: the operator has to act. */
const statusByCode: { readonly [Code in SinkErrorCode]?: number } = {
  // A setting that no server could accept.
  invalid_options: 400,
  access_denied: 401,
  permission_denied: 403,
  database_not_selected: 404,
  unknown_database: 404,
  unknown_table: 404,
  unknown_column: 404,
  missing_column: 404,
}

type Unstored = Exclude<Outcome, { status: "stored" }>

/**
 * The status that shows Segment who has to act. Segment drops an event that is answered by 400, 401, 403 or 404. So only
 * the settings themselves, or the database with an error number, can lead to one of these. Segment retries 429 and 503, so
 * every other failure is a 503 and no event is lost.
 */
function toStatus({ status, error: { code, engineCode, issues } }: Unstored): number {
  if (status === "rejected") return 400
  if (code === "overloaded") return 429
  const isCertain = code === "invalid_options" ? issues !== undefined : engineCode !== undefined
  return (isCertain ? statusByCode[code] : undefined) ?? 503
}

/** The error of a call in which every event had this outcome. */
export function toIntegrationError(outcome: Unstored): IntegrationError {
  const { error } = outcome
  return new IntegrationError(toFormMessage(error), error.code.toUpperCase(), toStatus(outcome))
}

/** The error of a deletion, which Segment may have to send again like an event. */
export function toDeletionError(thrown: unknown): unknown {
  if (!isSinkError(thrown)) return thrown
  const status = thrown.name === "EventError" ? "rejected" : "failed"
  return toIntegrationError({ status, error: thrown } as Unstored)
}

/** The error that the settings dialog shows. No event depends on it, so the code decides. */
export function toDialogError(thrown: unknown): unknown {
  if (!isSinkError(thrown)) return thrown
  return new IntegrationError(
    toFormMessage(thrown),
    thrown.code.toUpperCase(),
    statusByCode[thrown.code] ?? 503,
  )
}

/** One response per event, in order. @throws IntegrationError if all events failed with the same code and status */
export function toMultiStatus(outcomes: readonly Outcome[], sent: readonly object[]): MultiStatusResponse {
  const [first] = outcomes
  if (first?.status === "failed" && outcomes.every(outcome => isSameFailure(outcome, first))) {
    throw toIntegrationError(first)
  }
  const response = new MultiStatusResponse()
  outcomes.forEach((outcome, index) => {
    const echo = sent[index] as never
    if (outcome.status === "stored") {
      response.setSuccessResponseAtIndex(index, { status: 200, sent: echo, body: "stored" })
    } else {
      response.setErrorResponseAtIndex(index, {
        status: toStatus(outcome),
        errormessage: toFormMessage(outcome.error),
        sent: echo,
        body: outcome.error.code,
      })
    }
  })
  return response
}

function isSameFailure(outcome: Outcome, first: Unstored): boolean {
  if (outcome.status !== "failed" || outcome.error.code !== first.error.code) return false
  return toStatus(outcome) === toStatus(first)
}
