import {
  ConfigError,
  createSink,
  DeliveryError,
  isSinkError,
  type Sink,
  type SinkApi,
} from "@singlesink/core"
import { createPort, type Fetch } from "@singlesink/data-api/port"
import { toValues } from "./settings.ts"
import { createTables } from "./tables.ts"

/** What one set of settings leads to, kept for as long as Jitsu keeps the function. */
export interface Connection {
  /** The HTTP client of the newest call: a host may end a call's own client with the call. */
  fetch: Fetch
  /**
   * The sink of a table, or of the one in the settings.
   *
   * @throws DeliveryError where too much waits already
   */
  sinkOf(table: string | undefined): Sink
}

/**
 * Jitsu ends a request after 2 s (FETCH_TIMEOUT_MS), and the whole isolate when one call has taken 5 s
 * (UDF_TIMEOUT_MS). What is not sent within 2 s of its call could take longer than 4 s with its own request.
 */
const maxAgeMs = 2_000

/** Of all tables together: an isolate has 128 MB in all. */
const maxQueuedBytes = 16_000_000

/** @throws ConfigError that lists every mistake in the settings */
export function openConnection(merged: Record<string, unknown>, fetch: Fetch): Connection {
  const mistakes: string[] = []
  const { table: mainTable, layout, columns, database = "", ...client } = toValues(merged, mistakes)
  const connection = { fetch }

  /** What `make` makes, or the mistakes that it finds. */
  function attempt<Made>(make: () => Made): Made | undefined {
    try {
      return make()
    } catch (error) {
      if (!isSinkError(error)) throw error
      mistakes.push(error.message)
      return undefined
    }
  }

  const open = (api: SinkApi, table: string | undefined) =>
    createSink({
      api,
      table,
      layout,
      columns,
      limits: { maxInFlight: 4, maxAgeMs },
      // The host tries again, later and better; and there is no time to do anything one after the other.
      retry: false,
      search: "round",
      // Without timers, as in the isolate: a batch that is not full waits for the request that is under way.
      runtime: { sleep: undefined },
    })

  const api = attempt(() =>
    createPort({ ...client, database, fetch: (url, request) => connection.fetch(url, request) }),
  )
  attempt(() => open(api ?? nowhere, mainTable))
  if (api === undefined || mistakes.length > 0) {
    throw new ConfigError({
      code: "bad_options",
      message: `The settings have mistakes: ${mistakes.join(" ")}`,
    })
  }
  const tables = createTables((table = mainTable) => open(api, table))
  return Object.assign(connection, {
    sinkOf(table: string | undefined) {
      const sink = tables.sinkOf(table)
      if (tables.queuedBytes() < maxQueuedBytes) return sink
      // There is no time to wait for room: the host keeps the event better than we do.
      const message = "Too many events wait for the database already. Send the event again later."
      throw new DeliveryError({ code: "too_busy", message })
    },
  })
}

/** Stands in for the api that could not be made, so that the other mistakes are found too. */
const nowhere: SinkApi = { database: "", send: () => Promise.resolve({ tooLarge: true }) }
