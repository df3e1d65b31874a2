import type { ConfigError, DeliveryError, EventError } from "./errors.ts"

/** What became of one event: it is in the table, it can never be, or it is not yet and the error says who must act. */
export type Outcome =
  | { readonly status: "stored" }
  | { readonly status: "refused"; readonly error: EventError }
  | { readonly status: "failed"; readonly error: ConfigError | DeliveryError }

/** The outcome that an error stands for. */
export function toOutcome(error: EventError | ConfigError | DeliveryError): Outcome {
  return error.name === "EventError" ? { status: "refused", error } : { status: "failed", error }
}

export const stored: Outcome = Object.freeze({ status: "stored" })
