import type { ConfigError, DeliveryError, EventError, SinkError } from "./errors.ts"

/**
 * The result for one event. `stored`: its row is in the table. `rejected`: it can never be stored. `failed`: it is not
 * stored yet, and the error says who has to act.
 */
export type Outcome =
  | { readonly status: "stored" }
  | { readonly status: "rejected"; readonly error: EventError }
  | { readonly status: "failed"; readonly error: ConfigError | DeliveryError }

export const stored: Outcome = Object.freeze({ status: "stored" })

/** The outcome of an event that met this error. */
export function toOutcome(error: SinkError): Outcome {
  return error.name === "EventError" ? { status: "rejected", error } : { status: "failed", error }
}
