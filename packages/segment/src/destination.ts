import type {
  ActionDefinition,
  DestinationDefinition,
  DynamicFieldResponse,
  ExecuteInput,
  RequestClient,
} from "@segment/actions-core"
import { createSinkCache, type Outcome } from "@singlesink/core"
import { connect, createCall } from "./connection.ts"
import { type CachedSink, deliver } from "./delivery.ts"
import { listDatabases, listTables, listTypes } from "./dynamic-fields.ts"
import { defaultSubscription, presets, sendFields } from "./fields.ts"
import { reportOutcomes } from "./metrics.ts"
import { deleteUser } from "./on-delete.ts"
import { type DestinationOptions, resolveOptions } from "./options.ts"
import type { Payload } from "./payload.ts"
import { toDeletionError, toDialogError, toIntegrationError, toMultiStatus } from "./response.ts"
import { type Settings, settingFields } from "./settings.ts"
import { testAuthentication } from "./test-authentication.ts"

type DynamicFields = Record<
  string,
  (request: RequestClient, data: ExecuteInput<Settings, Payload>) => Promise<DynamicFieldResponse>
>

type SendData = Pick<ExecuteInput<Settings, unknown>, "settings" | "statsContext" | "logger">

/**
 * Creates the destination, which actions-core hosts.
 *
 * @throws ConfigError with every mistake in the options
 * @example
 * export default createDestination({ forbidPrivateHosts: true })
 */
export function createDestination(given: DestinationOptions = {}): DestinationDefinition<Settings> {
  const options = resolveOptions(given)
  const cache = createSinkCache<CachedSink>()

  const toCall = (request: RequestClient, settings: Settings) => createCall(options, request, settings)

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
    type: async () => listTypes(),
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
          await testAuthentication(await connect(call), call.settings.table, options.deduplicate)
        } catch (error) {
          throw toDialogError(error)
        }
      },
    },
    presets,
    ...(options.allowUserDeletion && {
      async onDelete(request, { settings, payload }) {
        try {
          const call = toCall(request, settings)
          await deleteUser(await connect(call), call.settings.table, payload)
          return {}
        } catch (error) {
          throw toDeletionError(error)
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
