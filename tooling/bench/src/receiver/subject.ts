import { createSink } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { createReceiver } from "@singlesink/receiver"
import fastify, { type FastifyInstance } from "fastify"
import type { Kind, SubjectUsage } from "./process.ts"

// process.ts starts this file as a separate process, so that only its own CPU time counts.
const [kind, databaseUrl] = process.argv.slice(2) as [Kind, string]
const connections = 4
const fetch = undiciFetch({ connections })
const credentials = { username: "root", password: "", database: "events" }
const database = createDataApi({ url: databaseUrl, ...credentials, fetch })

const creators: Readonly<Record<Kind, () => FastifyInstance>> = {
  receiver: () =>
    createReceiver({ database, writeKeys: ["a-write-key"], limits: { maxInFlight: connections } }),
  /** A server as one would write it: each call is an insert. */
  insert_per_call() {
    const sink = createSink({ transport: database, limits: { maxRows: 1, maxInFlight: connections } })
    const app = fastify()
    app.post("/v1/track", async ({ body }) => {
      await sink.write(body as Record<string, unknown>)
      return { success: true }
    })
    return app
  },
  /** The least that any server in Fastify does. */
  bare() {
    const app = fastify()
    app.post("/v1/track", async ({ body }) => ({ success: typeof body === "object" }))
    return app
  },
}

const url = await creators[kind]().listen({ port: 0, host: "127.0.0.1" })
process.on("message", () => {
  const { user, system } = process.cpuUsage()
  globalThis.gc?.()
  const usage: SubjectUsage = {
    cpuSeconds: (user + system) / 1_000_000,
    residentBytes: process.memoryUsage.rss(),
  }
  process.send?.(usage)
})
// The parent process is gone.
process.once("disconnect", () => process.exit())
process.send?.(url)
