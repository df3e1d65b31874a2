import { DeliveryError } from "@singlesink/core"

/** When a call has to end. */
export interface Deadline {
  /** The milliseconds that are left: 0 or less once the time is over. */
  leftMs(): number
  /** The error of a part of the call that there is no time for. */
  toError(): DeliveryError
}

/** A deadline from now on, by a clock that is not set back. */
export function createDeadline(timeoutMs: number): Deadline {
  const endsAt = performance.now() + timeoutMs
  return {
    leftMs: () => endsAt - performance.now(),
    toError() {
      const message = `The call took longer than ${timeoutMs} ms, and this part of it was not sent. Send it again.`
      return new DeliveryError({ code: "deadline_exceeded", message })
    },
  }
}

/** Rejects if a promise has not settled after some milliseconds. What the promise stands for continues. */
export async function endAfter<Result>(
  limitMs: number,
  promise: PromiseLike<Result>,
  toError: () => Error,
): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(toError()), limitMs)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
