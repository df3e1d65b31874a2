import { Destination, type SegmentEvent } from "@segment/actions-core"
import { createDestination } from "@singlesink/segment"

const url = new URL(process.env.SINGLESTORE_URL ?? "")
const isPlain = url.protocol === "http:"

// Segment's own cloud always uses TLS.
const definition = createDestination({ protocol: isPlain ? "http" : "https" })
const destination = new Destination(definition)

const settings = {
  host: url.hostname,
  port: url.port || (isPlain ? "80" : "443"),
  username: process.env.SINGLESTORE_USERNAME ?? "",
  password: process.env.SINGLESTORE_PASSWORD ?? "",
  dbName: process.env.SINGLESTORE_DATABASE ?? "",
  tableName: "segment_data",
}

/** The mapping that Segment would show in its form, with its defaults. */
const { fields = {}, defaultSubscription } = definition.actions.send ?? {}
const mapping = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.default]))
const subscription = { partnerAction: "send", subscribe: defaultSubscription ?? "", mapping }

async function main(): Promise<void> {
  // Checks the connection, and creates the table if it does not exist.
  await destination.testAuthentication(settings)

  const timestamp = new Date().toISOString()
  const events = [
    {
      messageId: "m1",
      type: "track",
      event: "Signed Up",
      userId: "u1",
      properties: { plan: "pro" },
      timestamp,
    },
    { messageId: "m2", type: "page", name: "Pricing", userId: "u1", timestamp: "yesterday" },
    { messageId: "m3", type: "identify", userId: "u1", traits: { email: "ada@example.com" }, timestamp },
  ] as SegmentEvent[]
  const results = await destination.onBatch(events, { ...settings, subscription } as never)
  for (const result of results.flatMap(({ multistatus = [] }) => multistatus)) {
    console.log("errormessage" in result ? `${result.status}: ${result.errormessage}` : result.status)
  }
}

main().catch(error => {
  console.error(error.message)
  process.exitCode = 1
})
