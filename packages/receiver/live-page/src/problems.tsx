import type { LiveProblem } from "../../src/live/protocol.ts"
import { toClock, toCount } from "./format.ts"

/** Why events are not stored, and what to do. */
export function Problems({ problems }: { problems: readonly LiveProblem[] }) {
  if (problems.length === 0) return null
  return (
    <section aria-labelledby="problems-title">
      <h2 id="problems-title">Problems</h2>
      <ul class="problems">
        {problems.map(({ code, column, outcome, reason, count, lastAt }) => (
          <li key={`${code} ${column ?? ""}`} class={outcome}>
            <p>
              <span class="outcome">
                {toCount(count)} {outcome}
              </span>{" "}
              <code>{code}</code>
              {column !== undefined && (
                <>
                  {" "}
                  in <code>{column}</code>
                </>
              )}
              , last at {toClock(lastAt)}
            </p>
            <p class="reason">{reason}</p>
            <p class="hint">
              <code>singlesink explain {code}</code>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
