import { type AnalyticsEvent, EventError } from "@singlesink/core"
import { type Connection, openConnection } from "./connection.ts"
import { type JitsuContext, toFetch } from "./host.ts"
import { type JitsuSettings, mergeSettings, toKey } from "./settings.ts"
import { toVerdict } from "./verdict.ts"

/** A Jitsu function: resolves to undefined when the event is committed, so the event goes on unchanged. */
export type JitsuDestination = (event: AnalyticsEvent, ctx: JitsuContext) => Promise<undefined>

/**
 * A function that stores events in SingleStore. Jitsu calls it once per event and many times at once: events
 * that come while a request is under way go together in the next one.
 *
 * @param settings what is not given here comes from the connection's `functionsEnv`
 */
export function createFunction(settings: JitsuSettings = {}): JitsuDestination {
  const connections = new Map<string, Connection | { error: unknown }>()

  function connect(ctx: JitsuContext): Connection {
    const props = ctx.props ?? {}
    const key = toKey(props)
    let connection = connections.get(key)
    if (connection === undefined) {
      connection = open(mergeSettings(settings, props), ctx)
      connections.set(key, connection)
    }
    if ("error" in connection) throw connection.error
    connection.fetch = toFetch(ctx)
    return connection
  }

  return async (event, ctx) => {
    try {
      await connect(ctx).sinkOf(toTable(event)).write(event)
    } catch (error) {
      throw toVerdict(error)
    }
  }
}

/** Mistakes are told once, for all the events that will meet them. */
function open(merged: Record<string, unknown>, ctx: JitsuContext): Connection | { error: unknown } {
  try {
    return openConnection(merged, toFetch(ctx))
  } catch (error) {
    ctx.log.error(toVerdict(error).message)
    return { error }
  }
}

/** The table that a function before this one has chosen, as for Jitsu's own destinations. */
function toTable(event: AnalyticsEvent): string | undefined {
  const table = readTable(event)
  if (table === undefined || table === null) return undefined
  if (typeof table === "string" && table.length >= 1 && table.length <= 256) return table
  throw new EventError({
    code: "bad_text",
    column: "JITSU_TABLE_NAME",
    message: "JITSU_TABLE_NAME is not a text of 1 to 256 characters. Mend it where it is set.",
  })
}

function readTable(event: AnalyticsEvent): unknown {
  try {
    return event.JITSU_TABLE_NAME
  } catch {
    // The sink says what is wrong with such an event.
    return undefined
  }
}
