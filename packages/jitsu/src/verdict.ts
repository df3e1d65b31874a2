import { isSinkError, type SinkError } from "@singlesink/core"

/**
 * Jitsu knows an error by its name only. `NoRetryError` ends the event in the dead letters; after
 * `Drop & RetryError` it is tried again later. Any other name is logged and the event is lost.
 */
const names: Record<SinkError["name"], string> = {
  EventError: "NoRetryError",
  ConfigError: "Drop & RetryError",
  DeliveryError: "Drop & RetryError",
}

/** The error that tells Jitsu what became of the event. */
export function toVerdict(thrown: unknown): Error {
  if (isSinkError(thrown)) return named(names[thrown.name], thrown.message)
  return named(
    "Drop & RetryError",
    "The event could not be handled. Its error is not shown, for it may hold values.",
  )
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
