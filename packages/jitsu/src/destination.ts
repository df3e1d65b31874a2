import { type Event, EventError } from "@singlesink/core"
import { type Connection, openConnection } from "./connection.ts"
import { toJitsuError } from "./errors.ts"
import { type JitsuContext, toFetch } from "./host.ts"
import { type JitsuSettings, mergeSettings, toKey } from "./settings.ts"

/** A Jitsu function. It resolves to undefined when the event is committed, so that the event goes on unchanged. */
export type JitsuDestination = (event: Event, ctx: JitsuContext) => Promise<undefined>

/**
 * Creates a function that stores events in SingleStore. Jitsu calls it once per event, and many times at once: events
 * that come while a request is in flight share the next one.
 *
 * @param settings settings in code; those that are left out come from the connection's `functionsEnv`
 * @example
 * export default createFunction({ table: "events" })
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
    return connection
  }

  return async (event, ctx) => {
    try {
      await connect(ctx).sinkOf(toTable(event), toFetch(ctx)).write(event)
    } catch (error) {
      throw toJitsuError(error)
    }
  }
}

/** Logs mistakes in the settings once, although every event meets them. */
function open(merged: Record<string, unknown>, ctx: JitsuContext): Connection | { error: unknown } {
  try {
    return openConnection(merged)
  } catch (error) {
    logError(ctx, toJitsuError(error).message)
    return { error }
  }
}

function logError(ctx: JitsuContext, message: string): void {
  try {
    ctx.log.error(message)
  } catch {
    // A logger must not change what happens to an event.
  }
}

/** The table that an earlier function has chosen, as for Jitsu's own destinations. */
function toTable(event: Event): string | undefined {
  const table = readTable(event)
  if (table === undefined || table === null) return undefined
  if (typeof table === "string" && table.length >= 1 && table.length <= 256) return table
  throw new EventError({
    code: "invalid_text",
    column: "JITSU_TABLE_NAME",
    message: "JITSU_TABLE_NAME must be a string of 1 to 256 characters.",
  })
}

function readTable(event: Event): unknown {
  try {
    return (event as { JITSU_TABLE_NAME?: unknown }).JITSU_TABLE_NAME
  } catch {
    // The sink reports what is wrong with such an event.
    return undefined
  }
}
