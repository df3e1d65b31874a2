import type { DeliveryError } from "../errors.ts"
import type { ResolvedRetry } from "../resolve-options.ts"
import type { Runtime } from "../runtime.ts"

/**
 * The delay before the next attempt in milliseconds; undefined if there is none. Full jitter: anything up to a bound
 * that doubles, so that clients which failed together do not return together. A Retry-After is obeyed, and if it leads
 * past the time budget there is no further attempt.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function toDelayMs(
  { maxElapsedMs, maxAttempts, baseDelayMs, maxDelayMs }: ResolvedRetry,
  { attempt, elapsedMs, error }: { attempt: number; elapsedMs: number; error: DeliveryError },
  { random }: Runtime,
): number | undefined {
  if (attempt >= maxAttempts) return undefined
  const bound = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1))
  const delayMs = Math.max(Math.round(random() * bound), error.retryAfterMs ?? 0)
  return elapsedMs + delayMs <= maxElapsedMs ? delayMs : undefined
}
