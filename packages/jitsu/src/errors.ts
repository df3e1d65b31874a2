import { isSinkError } from "@singlesink/core"

/**
 * The error that tells Jitsu what to do with the event. Jitsu knows an error only by its name: `NoRetryError` sends the
 * event to the dead letters, and after `Drop & RetryError` the event is tried again later. With any other name the event
 * is lost.
 */
export function toJitsuError(thrown: unknown): Error {
  const isKnown = isSinkError(thrown)
  const name = isKnown && thrown.name === "EventError" ? "NoRetryError" : "Drop & RetryError"
  const message = isKnown ? thrown.message : "Unexpected error, not shown: it may hold values."
  return Object.assign(new Error(message), { name })
}
