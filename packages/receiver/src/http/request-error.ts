/** Why a request is refused before its events reach a sink. */
export type RequestErrorCode =
  | "unauthorized"
  | "locked"
  | "invalid_body"
  | "body_too_large"
  | "too_many_events"
  | "unsupported_encoding"
  | "too_many_calls"
  | "overloaded"
  | "dead_letters_unavailable"
  | "not_found"
  | "bad_request"
  | "internal_error"

/** Ends a request with a status and a sentence for the caller. */
export class RequestError extends Error {
  override name = "RequestError"
  readonly statusCode: number
  readonly code: RequestErrorCode
  readonly retryAfterSeconds: number | undefined

  constructor(statusCode: number, code: RequestErrorCode, message: string, retryAfterSeconds?: number) {
    super(message)
    this.statusCode = statusCode
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}
