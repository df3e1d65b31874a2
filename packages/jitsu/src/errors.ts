import { isSinkError, type SinkError } from "@singlesink/core"

/**
 * Jitsu knows an error only by its name. `NoRetryError` sends the event to the dead letters. After `Drop & RetryError` the
 * event is tried again later. With any other name the event is lost.
 */
const names: Record<SinkError["name"], string> = {
  EventError: "NoRetryError",
  ConfigError: "Drop & RetryError",
  DeliveryError: "Drop & RetryError",
}

/** The error that tells Jitsu what to do with the event. */
export function toJitsuError(thrown: unknown): Error {
  if (isSinkError(thrown)) return withName(names[thrown.name], thrown.message)
  return withName(
    "Drop & RetryError",
    "An unexpected error occurred. It is not shown because it may contain values.",
  )
}

function withName(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
