import type { FastifyInstance } from "fastify"
import { type DeadLetterFile, openDeadLetterFile } from "./dead-letters/index.ts"
import { createDelivery } from "./delivery/deliver.ts"
import { createTables } from "./delivery/tables.ts"
import { createMetrics } from "./health/metrics.ts"
import { createProblemLog } from "./health/problem-log.ts"
import { createReadinessCheck } from "./health/readiness.ts"
import { registerHealthRoutes } from "./health/routes.ts"
import { createAuthentication } from "./http/authentication.ts"
import { createServer, registerRateLimit } from "./http/server.ts"
import { createLiveHub } from "./live/hub.ts"
import { registerLiveRoutes } from "./live/routes.ts"
import { type Database, type ReceiverOptions, resolveOptions } from "./options.ts"
import { type ReceivedCall, registerEventRoutes } from "./protocol/routes.ts"

/** How much earlier than the server the sinks end, so that the last answers are sent. */
const answerMarginMs = 1_000

/**
 * Creates a server that stores the events of SDKs and webhooks. `listen` starts it. `close` accepts no more calls, stores
 * what has arrived, and answers 503 for the rest.
 *
 * @returns an instance of Fastify, to which routes and plugins can be added
 * @throws ConfigError with every mistake in the options
 * @example
 * const database = createDataApi({ url, username, password, database: "events", fetch: undiciFetch() })
 * const receiver = createReceiver({ database, writeKeys: [process.env.WRITE_KEY] })
 * await receiver.listen({ host: "0.0.0.0", port: 8080 })
 */
export function createReceiver(options: ReceiverOptions): FastifyInstance {
  const resolved = resolveOptions(options)
  const { live, shutdownTimeoutMs } = resolved
  const database = countRequests(resolved.database)
  const hub = live && createLiveHub(live.showValues ?? false, () => delivery.pendingEvents())
  const validate = resolved.validate && (hub?.watch(resolved.validate) ?? resolved.validate)
  const metrics = createMetrics({
    tables: () => tables.list,
    pendingEvents: () => delivery.pendingEvents(),
    requestsInFlight: database.requestsInFlight,
  })
  const tables = createTables({ ...resolved, database, validate }, metrics.observeSink)
  const readiness = createReadinessCheck(database)
  let deadLetters: DeadLetterFile | undefined
  const delivery = createDelivery({ ...resolved, deadLetters: () => deadLetters })

  async function handle({ caller, events, isBatch, route, arrivedAtMs }: ReceivedCall) {
    const table = tables.find(caller.table)
    const outcomes = await delivery.deliver({ table, events, isBatch, source: route })
    const milliseconds = performance.now() - arrivedAtMs
    readiness.note(table.name, outcomes)
    problemLog.note(table.name, outcomes)
    hub?.note(events, outcomes, table.name, milliseconds)
    if (outcomes.some(({ status }) => status === "stored")) {
      metrics.observeCommit(table.name, milliseconds / 1_000)
    }
    return outcomes
  }

  const app = createServer(resolved)
  const problemLog = createProblemLog(app.log)
  app.addHook("onResponse", (request, reply, done) => {
    const { routeOptions, method, arrivedAtMs } = request
    const seconds = (performance.now() - arrivedAtMs) / 1_000
    metrics.observeCall(routeOptions.url ?? "", method, reply.statusCode, seconds)
    done()
  })
  app.register(async events => {
    await registerRateLimit(events, resolved)
    registerEventRoutes(events, createAuthentication(resolved), resolved.recordIp, handle)
  })
  app.register(async health => registerHealthRoutes(health, readiness, metrics))
  if (live !== undefined && hub !== undefined) app.register(async page => registerLiveRoutes(page, live, hub))

  app.addHook("onReady", async () => {
    if (resolved.deadLetters !== undefined) deadLetters = await openDeadLetterFile(resolved.deadLetters)
  })
  let closeConnections: NodeJS.Timeout | undefined
  app.addHook("preClose", async () => {
    // A client that sends its request slowly would keep the server open.
    closeConnections = setTimeout(() => app.server.closeAllConnections(), shutdownTimeoutMs)
    const deadlineMs = Math.max(0, shutdownTimeoutMs - answerMarginMs)
    await Promise.all(tables.list.map(({ sink }) => sink.close({ deadlineMs })))
  })
  app.addHook("onClose", async () => {
    clearTimeout(closeConnections)
    await deadLetters?.close()
  })
  return app
}

/** The same database, and how many of its requests have no answer. */
function countRequests(database: Database): Database & { requestsInFlight: () => number } {
  let inFlight = 0
  return {
    database: database.database,
    query: database.query,
    requestsInFlight: () => inFlight,
    async send(request) {
      inFlight++
      try {
        return await database.send(request)
      } finally {
        inFlight--
      }
    },
  }
}
