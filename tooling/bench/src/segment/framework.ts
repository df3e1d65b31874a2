import { createRequire } from "node:module"
import type { DestinationDefinition, SegmentEvent } from "@segment/actions-core"
import type { Settings } from "@singlesink/segment"
import type { Event } from "../events.ts"

// The ES module of actions-core does not load in Node, and the framework recognizes only answers of its own copy.
const { Destination }: typeof import("@segment/actions-core") = createRequire(import.meta.url)(
  "@segment/actions-core",
)

/** The framework's answer for one event. */
interface Answer {
  readonly status: number
  readonly body?: unknown
}

/** Passes a batch to a destination as Segment does, and returns an answer for each event. */
export type SendBatch = (batch: readonly Event[]) => Promise<Answer[]>

/** The largest batch that the form allows. */
const maxBatchSize = 1_000

/** Runs the destination in Segment's framework, with its default trigger and mapping. */
export function createSendBatch(definition: DestinationDefinition<Settings>, settings: Settings): SendBatch {
  const [preset] = definition.presets ?? []
  const subscription = { ...preset, mapping: { ...preset?.mapping, max_batch_size: maxBatchSize } }
  const destination = new Destination(definition)
  return async batch => {
    const results = await destination.onBatch(
      [...batch] as unknown as SegmentEvent[],
      // The declared type of the settings lacks the subscription, which is required.
      { ...settings, subscription } as never,
    )
    // The framework keeps every response and the body of its request, which would fill the memory.
    destination.responses.length = 0
    return results.flatMap(({ multistatus }) => (multistatus ?? []) as Answer[])
  }
}

/** The settings for a server on this machine, which accepts any credentials. */
export function toSettings(url: string): Settings {
  const { hostname: host, port } = new URL(url)
  return { host, port, username: "bench", password: "bench", dbName: "events", tableName: "segment_data" }
}
