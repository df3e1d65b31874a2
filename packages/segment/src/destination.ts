import type { DestinationDefinition, RequestClient } from "@segment/actions-core"
import { createSink, isSinkError, type Outcome } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Payload, payloadColumns, type Settings, sendFields, settingFields } from "./fields.ts"
import { toFetch } from "./host.ts"
import { toIntegrationError, toVerdict } from "./verdict.ts"

export interface DestinationOptions {
  /** `http` is for a self-managed Data API without TLS, and for tests. @default "https" */
  protocol?: "https" | "http" | undefined
}

/** Segment ends a call after 10 seconds; an answer of ours is better than an end. */
const timeoutMs = 8_000
const defaultMaxRows = 100

/** The destination, to be hosted by actions-core. */
export function createDestination({
  protocol = "https",
}: DestinationOptions = {}): DestinationDefinition<Settings> {
  async function deliver(
    request: RequestClient,
    settings: Settings,
    payloads: readonly Payload[],
  ): Promise<Outcome[]> {
    try {
      const { username, password, dbName: database, tableName } = settings
      const address = toAddress(protocol, settings)
      const api = createDataApi({
        ...address,
        username,
        password,
        database,
        timeoutMs,
        fetch: toFetch(request),
      })
      const maxRows = payloads[0]?.max_batch_size ?? defaultMaxRows
      const sink = createSink({
        api,
        table: tableName || undefined,
        columns: payloadColumns,
        // Segment keeps events and tries them again, for longer than we could.
        retry: false,
        limits: { maxRows },
      })
      return await sink.deliver(payloads)
    } catch (error) {
      if (!isSinkError(error) || error.name === "EventError") throw error
      return payloads.map(() => ({ status: "failed", error }))
    }
  }

  return {
    // A space in the name would cost time for each event: actions-core makes a URI of it.
    name: "SingleStore",
    slug: "actions-singlestore",
    mode: "cloud",
    description: "Stores every event in a SingleStore table, once.",
    authentication: { scheme: "custom", fields: settingFields },
    actions: {
      send: {
        title: "Send Data",
        description: "Send data to SingleStore.",
        defaultSubscription:
          'type = "track" or type = "screen" or type = "identify" or type = "page" or type = "group" or type = "alias"',
        fields: sendFields,
        async perform(request, { settings, payload }) {
          const [outcome] = await deliver(request, settings, [payload])
          if (outcome !== undefined && outcome.status !== "stored") throw toIntegrationError(outcome)
        },
        async performBatch(request, { settings, payload }) {
          return toVerdict(await deliver(request, settings, payload), payload)
        },
      },
    },
  }
}

function toAddress(protocol: "https" | "http", { host, port = 443 }: Settings) {
  if (protocol === "http") return { url: `http://${host}:${port}`, allowInsecure: true }
  return { host, port: Number(port) }
}
