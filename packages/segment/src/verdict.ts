import { IntegrationError, MultiStatusResponse } from "@segment/actions-core"
import { isSinkError, type Outcome, type SinkErrorCode } from "@singlesink/core"

/**
 * The status that tells Segment who must act. It never retries 400, 401, 403 and 404: the event or the set-up has
 * to change. It retries 429 and 503, so every other failure is a 503 and nothing is lost by it.
 */
const failedStatus: { readonly [Code in SinkErrorCode]?: number } = {
  access_denied: 401,
  no_privilege: 403,
  no_database: 404,
  unknown_database: 404,
  unknown_table: 404,
  unknown_column: 404,
  too_busy: 429,
}

type Unstored = Exclude<Outcome, { status: "stored" }>

function toStatus({ status, error }: Unstored): number {
  return status === "refused" ? 400 : (failedStatus[error.code] ?? 503)
}

/** The error that ends a call whose events all came to the same end. @param prefix how its text begins */
export function toIntegrationError(outcome: Unstored, prefix: string): IntegrationError {
  const { code, message } = outcome.error
  return new IntegrationError(prefix + message, code.toUpperCase(), toStatus(outcome))
}

/** The error that ends a call which is about no event. */
export function asIntegrationError(thrown: unknown, prefix: string): unknown {
  if (!isSinkError(thrown)) return thrown
  const status = thrown.name === "EventError" ? "refused" : "failed"
  return toIntegrationError({ status, error: thrown } as Unstored, prefix)
}

/** One answer per event, in order. @throws IntegrationError where the same failure hit them all */
export function toVerdict(
  outcomes: readonly Outcome[],
  sent: readonly object[],
  prefix: string,
): MultiStatusResponse {
  const [first] = outcomes
  if (first?.status === "failed" && outcomes.every(outcome => isSameFailure(outcome, first))) {
    throw toIntegrationError(first, prefix)
  }
  const answer = new MultiStatusResponse()
  outcomes.forEach((outcome, index) => {
    const echo = sent[index] as never
    if (outcome.status === "stored") {
      answer.setSuccessResponseAtIndex(index, { status: 200, sent: echo, body: "stored" })
    } else {
      const status = toStatus(outcome)
      answer.setErrorResponseAtIndex(index, {
        status,
        errormessage: prefix + outcome.error.message,
        sent: echo,
        body: outcome.error.code,
      })
    }
  })
  return answer
}

function isSameFailure(outcome: Outcome, first: Unstored): boolean {
  return outcome.status === "failed" && outcome.error.code === first.error.code
}
