import { jitsuAnalytics } from "@jitsu/js"
import { group, properties, receiver, traits, writeKey } from "./settings.ts"

const analytics = jitsuAnalytics({ host: receiver, writeKey })
await analytics.identify("u1", traits)
await analytics.page({ name: "Pricing" })
await analytics.track("Signed Up", properties)
await analytics.group("g1", group)
