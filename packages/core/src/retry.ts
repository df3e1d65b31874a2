import type { DeliveryError } from "./errors.ts"
import type { ResolvedRetry } from "./options.ts"
import type { Runtime } from "./runtime.ts"

/**
 * How long to wait before the next attempt, or undefined where there is to be none. Full jitter: anything up to a
 * bound that doubles, so that clients which failed together do not come back together. What the server asks for in
 * Retry-After is obeyed; where that leads past the budget there is no attempt.
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
