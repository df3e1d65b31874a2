import { createRequire } from "node:module"
import type { SegmentEvent } from "@segment/actions-core"
import { createDestination } from "@singlesink/segment"
import type { Send } from "./hosts.ts"

// Its ES module does not load in Node.
const { Destination }: typeof import("@segment/actions-core") = createRequire(import.meta.url)(
  "@segment/actions-core",
)

/** As Segment does it: one batch, through the default trigger and the default mapping. */
export const sendThroughSegment: Send = async (events, { url, username, password, database, table }) => {
  const { hostname: host, port } = new URL(url)
  const definition = createDestination({ protocol: "http" })
  const { defaultSubscription: subscribe, fields = {} } = definition.actions.send ?? {}
  const mapping = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field?.default]))
  const results = await new Destination(definition).onBatch(
    events as unknown as SegmentEvent[],
    {
      ...{ host, port, username, password, dbName: database, tableName: table },
      subscription: { partnerAction: "send", subscribe, mapping },
    } as never,
  )

  const counts = { stored: 0, refused: 0, failed: 0 }
  for (const { status } of results.flatMap(result => result.multistatus ?? [])) {
    counts[status === 200 ? "stored" : status === 400 ? "refused" : "failed"]++
  }
  return counts
}
