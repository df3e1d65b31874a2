import type { LiveSecond } from "../../../src/live/protocol.ts"
import { toCount, toDuration } from "../format.ts"
import { Chart } from "./chart.tsx"
import { toColumns } from "./columns.ts"

/** Throughput, latency and outcome of the latest three minutes. */
export function Charts({ seconds }: { seconds: readonly LiveSecond[] }) {
  const columns = toColumns(seconds)
  return (
    <section class="charts" aria-label="Charts of the latest three minutes">
      <Chart
        title="Events per second"
        at={columns.at}
        lines={[{ label: "stored", color: "--stored", values: columns.stored, isFilled: true }]}
        format={toCount}
      />
      <Chart
        title="Arrival to commit"
        at={columns.at}
        lines={[
          { label: "p50", color: "--stored", values: columns.p50 },
          { label: "p99", color: "--accent", values: columns.p99 },
        ]}
        format={toDuration}
      />
      <Chart
        title="Not stored per second"
        at={columns.at}
        lines={[
          { label: "rejected", color: "--rejected", values: columns.rejected, isFilled: true },
          { label: "failed", color: "--failed", values: columns.failed, isFilled: true },
        ]}
        format={toCount}
      />
    </section>
  )
}
