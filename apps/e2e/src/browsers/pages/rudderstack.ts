import { RudderAnalytics } from "@rudderstack/analytics-js/bundled"
import { group, properties, receiver, traits, writeKey } from "./settings.ts"

const analytics = new RudderAnalytics()
// RudderStack's control plane answers with the settings of the source. The server of this page answers instead.
analytics.load(writeKey, receiver, { configUrl: location.origin, logLevel: "ERROR" })
analytics.identify("u1", traits)
analytics.page("Pricing")
analytics.track("Signed Up", properties)
analytics.group("g1", group)
