import { createRequire } from "node:module"
import type { DestinationDefinition, SegmentEvent } from "@segment/actions-core"
import type { Settings } from "@singlesink/segment"
import type { Event } from "../events.ts"

// Its ES module does not load in Node; and our destination is to have the same copy, else its answers are not known.
const { Destination }: typeof import("@segment/actions-core") = createRequire(import.meta.url)(
  "@segment/actions-core",
)

/** What the framework says became of an event. */
interface Answer {
  readonly status: number
  readonly body?: unknown
}

/** Hands a batch to a destination as Segment does, and gives an answer for each event. */
export type SendBatch = (batch: readonly Event[]) => Promise<Answer[]>

/** Most events of a batch, by the mapping: the most that the form allows. */
const maxBatchSize = 1_000

/** The destination in Segment's own framework, with the trigger and the mapping that its form has from the start. */
export function host(definition: DestinationDefinition<Settings>, settings: Settings): SendBatch {
  const [preset] = definition.presets ?? []
  const subscription = { ...preset, mapping: { ...preset?.mapping, max_batch_size: maxBatchSize } }
  const destination = new Destination(definition)
  return async batch => {
    const results = await destination.onBatch(
      [...batch] as unknown as SegmentEvent[],
      // Its type of the settings leaves no room for the subscription that it asks for.
      { ...settings, subscription } as never,
    )
    // The framework keeps every response with its request's body, and a host of long life has to forget them.
    destination.responses.length = 0
    return results.flatMap(({ multistatus }) => (multistatus ?? []) as Answer[])
  }
}

/** Where a server on this machine is; it lets everybody in. */
export function toSettings(url: string): Settings {
  const { hostname: host, port } = new URL(url)
  return { host, port, username: "bench", password: "bench", dbName: "events", tableName: "segment_data" }
}
