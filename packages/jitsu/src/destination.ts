import { type AnalyticsEvent, createSink, type Sink } from "@singlesink/core"
import { createDataApi, type Fetch } from "@singlesink/data-api"
import { type JitsuContext, toFetch } from "./host.ts"
import { type JitsuSettings, toSettings } from "./settings.ts"
import { toVerdict } from "./verdict.ts"

/** A Jitsu function: resolves to undefined when the event is committed, so the event goes on unchanged. */
export type JitsuDestination = (event: AnalyticsEvent, ctx: JitsuContext) => Promise<undefined>

/** What one set of settings leads to, kept for as long as Jitsu keeps the function. */
interface Connection {
  sink: Sink
  fetch: Fetch
}

/**
 * A function that stores events in SingleStore. Jitsu calls it once per event and many times at once: events
 * that come while a request is under way go together in the next one.
 *
 * @param settings what is not given here comes from the connection's `functionsEnv`
 */
export function createFunction(settings: JitsuSettings = {}): JitsuDestination {
  const connections = new Map<string, Connection | { error: unknown }>()

  function connect(ctx: JitsuContext): Connection {
    const merged = toSettings(settings, ctx.props ?? {})
    const key = JSON.stringify(merged)
    let connection = connections.get(key)
    if (connection === undefined) {
      connection = open(merged, ctx)
      connections.set(key, connection)
    }
    if ("error" in connection) throw connection.error
    // A host may end a call's own client with the call, so requests use the newest.
    connection.fetch = toFetch(ctx)
    return connection
  }

  return async (event, ctx) => {
    try {
      await connect(ctx).sink.write(event)
    } catch (error) {
      throw toVerdict(error)
    }
  }
}

function open(settings: JitsuSettings, ctx: JitsuContext): Connection | { error: unknown } {
  const { url, host, port, allowInsecure, username, password, token, database = "", table } = settings
  try {
    const connection = { fetch: toFetch(ctx) }
    const api = createDataApi({
      ...(url === undefined ? { host, port: port === undefined ? undefined : Number(port) } : { url }),
      allowInsecure,
      ...(token === undefined ? { username, password } : { token }),
      database,
      fetch: (address, request) => connection.fetch(address, request),
    })
    return Object.assign(connection, {
      sink: createSink({ api, table, limits: { maxInFlight: 1 }, retry: false }),
    })
  } catch (error) {
    // Once for all the events that will meet it.
    ctx.log.error(toVerdict(error).message)
    return { error }
  }
}
