import { toCount, toDuration } from "./format.ts"
import type { LiveState } from "./state.ts"

const labels = { connecting: "Connecting", connected: "Live", reconnecting: "Reconnecting", locked: "Locked" }

/** The state of the connection and the numbers since the start of the receiver. */
export function StatusBar({ state }: { state: LiveState }) {
  const { totals, connection, seconds } = state
  const latest = seconds.findLast(({ p50 }) => p50 !== null)
  return (
    <header>
      <h1>Live events</h1>
      <p class={`connection ${connection}`} role="status">
        {labels[connection]}
      </p>
      <dl>
        <Total label="stored" count={totals.stored} />
        <Total label="rejected" count={totals.rejected} />
        <Total label="failed" count={totals.failed} />
        <Total label="pending" count={totals.pending} />
        <div title="Median time from arrival to commit in the latest second with events">
          <dt>to commit</dt>
          <dd>{latest?.p50 == null ? "–" : toDuration(latest.p50)}</dd>
        </div>
      </dl>
    </header>
  )
}

function Total({ label, count }: { label: string; count: number }) {
  return (
    <div class={count > 0 ? label : ""}>
      <dt>{label}</dt>
      <dd>{toCount(count)}</dd>
    </div>
  )
}
