import { AnalyticsBrowser } from "@segment/analytics-next"
import { group, properties, receiver, traits, writeKey } from "./settings.ts"

const { protocol, host } = new URL(receiver)
const segmentIo = { apiKey: writeKey, apiHost: `${host}/v1`, protocol: protocol.slice(0, -1) as "http" }
const analytics = AnalyticsBrowser.load({
  writeKey,
  // With these settings it asks no server for them.
  cdnSettings: { integrations: { "Segment.io": segmentIo } },
})
await analytics.identify("u1", traits)
await analytics.page("Pricing")
await analytics.track("Signed Up", properties)
await analytics.group("g1", group)
