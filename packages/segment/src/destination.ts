import type {
  ActionDefinition,
  DestinationDefinition,
  DynamicFieldResponse,
  ExecuteInput,
  RequestClient,
} from "@segment/actions-core"
import type { LayoutName, Outcome } from "@singlesink/core"
import { listDatabases, listTables } from "./choices.ts"
import { connect } from "./connection.ts"
import { deleteUser } from "./deletion.ts"
import { type DeliveryOptions, defaultTable, deliver } from "./delivery.ts"
import { defaultSubscription, type Payload, presets, sendFields } from "./fields.ts"
import { inspect } from "./inspection.ts"
import { createPool } from "./pool.ts"
import { type Settings, settingFields } from "./settings.ts"
import { tell } from "./telling.ts"
import { asIntegrationError, toIntegrationError, toVerdict } from "./verdict.ts"

export interface DestinationOptions {
  /** `segment`: the same statement as Segment's own destination, for tables that it made. @default "keyed" */
  layout?: LayoutName | undefined
  /** `http` is for a self-managed Data API without TLS, and for tests. @default "https" */
  protocol?: "https" | "http" | undefined
  /** Refuses hosts with private and loopback addresses: for a worker of many tenants. @default false */
  forbidPrivateHosts?: boolean | undefined
  /** Lets Segment's deletion requests delete the rows of a user. @default false */
  deletable?: boolean | undefined
}

type DynamicFields = Record<
  string,
  (request: RequestClient, data: ExecuteInput<Settings, Payload>) => Promise<DynamicFieldResponse>
>

/** The lists that the form offers. actions-core's own type of them knows no payload whose fields are a record. */
function toDynamicFields(options: DeliveryOptions) {
  const fields: DynamicFields = {
    database: (request, { settings }) => listDatabases(options, request, settings),
    table: (request, { settings, payload }) => listTables(options, request, settings, payload.database),
  }
  return fields as unknown as NonNullable<ActionDefinition<Settings>["dynamicFields"]>
}

/** The destination, to be hosted by actions-core. */
export function createDestination({
  layout = "keyed",
  protocol = "https",
  forbidPrivateHosts = false,
  deletable = false,
}: DestinationOptions = {}): DestinationDefinition<Settings> {
  const options: DeliveryOptions = { layout, protocol, forbidPrivateHosts, pool: createPool() }
  const prefix =
    layout === "segment"
      ? { insert: "Failed to insert data: ", create: "Failed to create table: " }
      : { insert: "", create: "" }

  async function send(
    request: RequestClient,
    {
      settings,
      statsContext,
      logger,
    }: Pick<ExecuteInput<Settings, unknown>, "settings" | "statsContext" | "logger">,
    payloads: readonly Payload[],
  ): Promise<Outcome[]> {
    const outcomes = await deliver(options, request, settings, payloads)
    tell(outcomes, statsContext, logger)
    return outcomes
  }

  return {
    // A space in the name would cost time for each event: actions-core makes a URI of it.
    name: "SingleStore",
    slug: "actions-singlestore",
    mode: "cloud",
    description: "Stores every event in a SingleStore table, once.",
    authentication: {
      scheme: "custom",
      fields: settingFields,
      async testAuthentication(request, { settings }) {
        try {
          const api = await connect(options, request, settings)
          await inspect(api, settings.tableName || defaultTable, layout)
        } catch (error) {
          throw asIntegrationError(error, prefix.create)
        }
      },
    },
    presets,
    ...(deletable && {
      async onDelete(request, { settings, payload }) {
        try {
          const api = await connect(options, request, settings)
          await deleteUser(api, settings.tableName || defaultTable, payload)
          return {}
        } catch (error) {
          throw asIntegrationError(error, "")
        }
      },
    }),
    actions: {
      send: {
        title: "Send Data",
        description: "Send data to SingleStore.",
        defaultSubscription,
        fields: sendFields,
        dynamicFields: toDynamicFields(options),
        async perform(request, data) {
          const [outcome] = await send(request, data, [data.payload])
          if (outcome !== undefined && outcome.status !== "stored")
            throw toIntegrationError(outcome, prefix.insert)
        },
        async performBatch(request, data) {
          return toVerdict(await send(request, data, data.payload), data.payload, prefix.insert)
        },
      },
    },
  }
}
