import { createSinkCache, isSinkError, type Sink, type Transport } from "@singlesink/core"
import { type Issue, toInvalidOptionsError } from "@singlesink/core/validation"
import { createSwitchableFetch, createTransport, type Fetch } from "@singlesink/data-api/transport"
import { parseSettings } from "./settings.ts"

/** What belongs to the settings of one connection. It is kept as long as Jitsu keeps the function. */
export interface Connection {
  /**
   * The sink of a table, or of the table in the settings.
   *
   * @param fetch the HTTP client of this call, which Jitsu may end with the call
   * @throws DeliveryError if too many events wait already
   */
  sinkOf(table: string | undefined, fetch: Fetch): Sink
}

/**
 * Jitsu ends a request after 2 s (FETCH_TIMEOUT_MS), and the whole isolate after a call of 5 s (UDF_TIMEOUT_MS). An event
 * that is sent later than 2 s after its call could exceed the 5 s.
 */
const deliveryTimeoutMs = 2_000

/** For all tables together. An isolate has 128 MB. */
const maxQueuedBytes = 16_000_000

/** @throws ConfigError with every mistake in the settings */
export function openConnection(merged: Record<string, unknown>): Connection {
  const { settings, issues } = parseSettings(merged)
  const { table: defaultTable = "segment_data", deduplicate, columns, database = "", ...client } = settings
  const fetch = createSwitchableFetch()
  const transport = collectIssues(issues, () => createTransport({ ...client, database, fetch }))

  const cache = createSinkCache({ maxQueuedBytes })

  function take(table: string, transport: Transport): Sink {
    const entry = cache.take(table, createSink => ({
      sink: createSink({
        transport,
        table,
        deduplicate,
        columns,
        limits: { maxInFlight: 4, deliveryTimeoutMs },
        // Jitsu retries durably, and a call has no time for requests one after the other.
        retry: false,
        bisect: "parallel",
        // As in the isolate, which has no timers: a partial batch waits for the request in flight.
        runtime: { sleep: undefined },
      }),
    }))
    // Put back at once, because concurrent calls share a sink.
    cache.put(table, entry)
    return entry.sink
  }

  collectIssues(issues, () => take(defaultTable, transport ?? unusedTransport))
  if (issues.length > 0) throw toInvalidOptionsError("the SingleStore function", issues)

  return {
    sinkOf(table = defaultTable, newest) {
      fetch.use(newest)
      return take(table, transport as Transport)
    },
  }
}

/** Returns what `create` returns, or adds the issues that it finds. */
function collectIssues<Created>(issues: Issue[], create: () => Created): Created | undefined {
  try {
    return create()
  } catch (error) {
    if (!(isSinkError(error) && error.name === "ConfigError") || error.issues === undefined) throw error
    issues.push(...error.issues)
    return undefined
  }
}

/** Replaces a transport that could not be created, so that the other mistakes are found as well. */
const unusedTransport: Transport = { database: "", send: () => Promise.resolve({ status: "too_large" }) }
