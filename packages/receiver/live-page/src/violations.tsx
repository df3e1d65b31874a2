import type { LiveViolation } from "../../src/live/protocol.ts"
import { toClock, toCount } from "./format.ts"

/** Which events violate their schema. */
export function Violations({ violations }: { violations: readonly LiveViolation[] }) {
  if (violations.length === 0) return null
  return (
    <section aria-labelledby="violations-title">
      <h2 id="violations-title">Schema violations</h2>
      <ul class="problems">
        {violations.map(({ event, count, paths, lastAt }) => (
          <li key={event}>
            <p>
              <span class="outcome">
                {toCount(count)} {event}
              </span>
              , last at {toClock(lastAt)}
            </p>
            <ul class="paths">
              {paths.map(path => (
                <li key={path}>
                  <code>{path}</code>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}
