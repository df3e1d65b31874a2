import type {
  ActionDefinition,
  DestinationDefinition,
  DynamicFieldResponse,
  ExecuteInput,
  RequestClient,
} from "@segment/actions-core"
import { createSinkCache, type Outcome } from "@singlesink/core"
import { connect, type SegmentCall } from "./connection.ts"
import { createDeadline } from "./deadline.ts"
import { type CachedSink, type DeliveryOptions, deliver } from "./delivery.ts"
import { listDatabases, listTables } from "./dynamic-fields.ts"
import { defaultSubscription, presets, sendFields } from "./fields.ts"
import { reportOutcomes } from "./metrics.ts"
import { deleteUser } from "./on-delete.ts"
import type { Payload } from "./payload.ts"
import { toIntegrationError, toMultiStatus, wrapError } from "./response.ts"
import { resolveSettings, type Settings, settingFields } from "./settings.ts"
import { testAuthentication } from "./test-authentication.ts"

export interface DestinationOptions {
  /** `false` is for tables without a unique key, such as those that Segment's own destination creates. @default true */
  deduplicate?: boolean | undefined
  /** `http` is for a self-managed Data API without TLS, and for tests. @default "https" */
  protocol?: "https" | "http" | undefined
  /** Rejects hosts with private and loopback addresses, for a worker of many tenants. @default false */
  forbidPrivateHosts?: boolean | undefined
  /** Lets Segment's deletion requests delete the rows of a user. @default false */
  allowUserDeletion?: boolean | undefined
  /**
   * How long a call of Segment may take, in milliseconds. Then its requests end, and the events that have no outcome fail
   * and are sent again. @default 9000
   */
  timeoutMs?: number | undefined
}

type DynamicFields = Record<
  string,
  (request: RequestClient, data: ExecuteInput<Settings, Payload>) => Promise<DynamicFieldResponse>
>

type SendData = Pick<ExecuteInput<Settings, unknown>, "settings" | "statsContext" | "logger">

/**
 * Creates the destination, which actions-core hosts.
 *
 * @example
 * export default createDestination({ forbidPrivateHosts: true })
 */
export function createDestination({
  deduplicate = true,
  protocol = "https",
  forbidPrivateHosts = false,
  allowUserDeletion = false,
  timeoutMs = 9_000,
}: DestinationOptions = {}): DestinationDefinition<Settings> {
  const options: DeliveryOptions = { deduplicate, protocol, forbidPrivateHosts }
  const cache = createSinkCache<CachedSink>()

  const toCall = (request: RequestClient, settings: Settings): SegmentCall<DeliveryOptions> => ({
    options,
    request,
    settings: resolveSettings(settings),
    deadline: createDeadline(timeoutMs),
  })

  async function send(
    request: RequestClient,
    data: SendData,
    payloads: readonly Payload[],
  ): Promise<Outcome[]> {
    const outcomes = await deliver(toCall(request, data.settings), payloads, cache)
    reportOutcomes(outcomes, data.statsContext, data.logger)
    return outcomes
  }

  const dynamicFields: DynamicFields = {
    database: (request, { settings }) => listDatabases(toCall(request, settings)),
    table: (request, { settings, payload }) => listTables(toCall(request, settings), payload.database),
  }

  return {
    // A name with a space would cost time for each event, because actions-core makes a URI of it.
    name: "SingleStore",
    slug: "actions-singlestore",
    mode: "cloud",
    description: "Stores every event in a SingleStore table, once.",
    authentication: {
      scheme: "custom",
      fields: settingFields,
      async testAuthentication(request, { settings }) {
        try {
          const call = toCall(request, settings)
          await testAuthentication(await connect(call), call.settings.table, deduplicate)
        } catch (error) {
          throw wrapError(error)
        }
      },
    },
    presets,
    ...(allowUserDeletion && {
      async onDelete(request, { settings, payload }) {
        try {
          const call = toCall(request, settings)
          await deleteUser(await connect(call), call.settings.table, payload)
          return {}
        } catch (error) {
          throw wrapError(error)
        }
      },
    }),
    actions: {
      send: {
        title: "Send Data",
        description: "Send data to SingleStore.",
        defaultSubscription,
        fields: sendFields,
        // The type of actions-core does not allow payloads whose fields are a record.
        dynamicFields: dynamicFields as unknown as NonNullable<ActionDefinition<Settings>["dynamicFields"]>,
        async perform(request, data) {
          const [outcome] = await send(request, data, [data.payload])
          if (outcome !== undefined && outcome.status !== "stored") throw toIntegrationError(outcome)
        },
        async performBatch(request, data) {
          return toMultiStatus(await send(request, data, data.payload), data.payload)
        },
      },
    },
  }
}
