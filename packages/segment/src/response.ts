import { IntegrationError, MultiStatusResponse } from "@segment/actions-core"
import { isSinkError, type Outcome, type SinkErrorCode } from "@singlesink/core"
import { toFormMessage } from "./form-message.ts"

/**
 * The status that shows Segment who has to act. Segment never retries 400, 401, 403 and 404: the event or the
 * configuration has to change. It retries 429 and 503, so every other failure is a 503 and no event is lost.
 */
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
  overloaded: 429,
}

type Unstored = Exclude<Outcome, { status: "stored" }>

function toStatus({ status, error }: Unstored): number {
  return status === "rejected" ? 400 : (statusByCode[error.code] ?? 503)
}

/** The error of a call in which every event had this outcome. */
export function toIntegrationError(outcome: Unstored): IntegrationError {
  const { error } = outcome
  return new IntegrationError(toFormMessage(error), error.code.toUpperCase(), toStatus(outcome))
}

/** The error of a call that is not about an event. */
export function wrapError(thrown: unknown): unknown {
  if (!isSinkError(thrown)) return thrown
  const status = thrown.name === "EventError" ? "rejected" : "failed"
  return toIntegrationError({ status, error: thrown } as Unstored)
}

/** One response per event, in order. @throws IntegrationError if all events failed with the same code */
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
  return outcome.status === "failed" && outcome.error.code === first.error.code
}
