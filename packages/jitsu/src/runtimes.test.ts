import { fileURLToPath } from "node:url"
import { describeHost, type HostFetch, type Outcome } from "@singlesink/conformance"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JitsuContext } from "./host.ts"
import type { FunctionModule, JitsuRuntime } from "./testing/runtimes.ts"
import { networkFetch, runtimes } from "./testing/runtimes.ts"

const code = await bundleInMemory(fileURLToPath(new URL("..", import.meta.url)))

const eventOf = (id: number) => ({
  messageId: `m${id}`,
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
})

/** The outcome of a call. Like Jitsu, it only reads the name of the error. */
async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call
    return "stored"
  } catch (error) {
    const { name } = error as Error
    if (name === "NoRetryError") return "rejected"
    if (name === "Drop & RetryError") return "failed"
    throw error
  }
}

describe.each(runtimes)("Jitsu $name", ({ name, load, toFetch }) => {
  const toContext = (props: object, client: HostFetch = networkFetch) =>
    ({ props, fetch: toFetch(client), log: { error: () => {} } }) as unknown as JitsuContext

  describeHost(`Jitsu ${name}`, async target => {
    // As in production, the settings are strings in the connection's environment.
    const ctx = toContext({ ...target })
    const { default: send } = await load(code)
    return { deliver: events => Promise.all(events.map(event => outcomeOf(send(event as never, ctx)))) }
  })

  describe("many events", () => {
    let emulator: Emulator
    beforeAll(async () => {
      emulator = await startEmulator()
    })
    afterAll(() => emulator.close())

    async function createTable(table: string) {
      const server = { url: emulator.url, username: "root", password: "", database: "events" }
      await createDataApi(server).exec(createTableSql({ table }))
      return { ...server, table }
    }

    const countIds = async (table: string) => {
      const sql = `SELECT COUNT(*) AS n, COUNT(DISTINCT messageId) AS ids FROM ${table}`
      return (await emulator.query<{ n: number; ids: number }>(sql))[0]
    }

    /** Sends events as rotor does, `concurrency` at a time, and returns the ids of those that failed. */
    async function sendAll(
      send: (id: number) => Promise<Outcome>,
      ids: readonly number[],
      concurrency: number,
    ): Promise<number[]> {
      const failed: number[] = []
      const waiting = ids.values()
      const sendWaiting = async () => {
        for (const id of waiting) if ((await send(id)) !== "stored") failed.push(id)
      }
      await Promise.all(Array.from({ length: concurrency }, sendWaiting))
      return failed
    }

    test("A thousand events, 25 at a time, are stored with at most 250 requests", async () => {
      const target = await createTable("many")
      const ctx = toContext(target)
      const { default: send } = await load(code)
      const before = emulator.requests.length
      const ids = Array.from({ length: 1_000 }, (_, id) => id)
      expect(await sendAll(id => outcomeOf(send(eventOf(id), ctx)), ids, 25)).toEqual([])
      expect(await countIds("many")).toEqual({ n: 1_000, ids: 1_000 })
      expect(emulator.requests.length - before).toBeLessThanOrEqual(250)
    })

    test("Every event is stored once if isolates are killed during requests and failed events are sent again", async () => {
      const target = await createTable("killed")
      let calls = 0
      let kill = () => {}
      let killed: Promise<void>
      let module: FunctionModule

      /** Starts a new isolate. The calls of the old one end with it, but its requests reach the server. */
      async function startIsolate(): Promise<void> {
        module = await load(code)
        killed = new Promise(resolve => {
          kill = resolve
        })
      }

      const client: HostFetch = async (url, options) => {
        const response = networkFetch(url, options)
        // Every third request kills its isolate.
        if (++calls % 3 === 0) setTimeout(kill, calls % 2)
        return response
      }
      const ctx = toContext(target, client)
      const send = async (id: number): Promise<Outcome> => {
        const failed = killed.then((): Outcome => "failed")
        return Promise.race([outcomeOf(module.default(eventOf(id), ctx)), failed])
      }

      let kills = 0
      let ids = Array.from({ length: 300 }, (_, id) => id)
      while (ids.length > 0 && kills < 1_000) {
        await startIsolate()
        ids = await sendAll(send, ids, 25)
        if (ids.length > 0) kills++
      }
      // A request of a killed isolate may still arrive.
      await new Promise(resolve => setTimeout(resolve, 20))
      expect(kills).toBeGreaterThan(3)
      expect(await countIds("killed")).toEqual({ n: 300, ids: 300 })
    })

    test("Every event is stored once if the database hangs and failed events are sent again", async () => {
      const target = await createTable("hanging")
      const { default: send } = await load(code)
      const client: HostFetch = async (url, options) => {
        const timeout = new Promise<never>((_, reject) =>
          setTimeout(() => reject(new Error("Fetch request exceeded 30 ms")), 30).unref(),
        )
        return Promise.race([networkFetch(url, options), timeout])
      }
      const ctx = toContext(target, client)
      await emulator.injectFault({ kind: "hang" })
      await emulator.injectFault({ kind: "hang", after: "commit" })
      let ids = Array.from({ length: 30 }, (_, id) => id)
      const failures: number[] = []
      while (ids.length > 0 && failures.length < 10) {
        ids = await sendAll(id => outcomeOf(send(eventOf(id), ctx)), ids, 10)
        failures.push(ids.length)
      }
      expect(failures.length).toBeGreaterThan(1)
      expect(await countIds("hanging")).toEqual({ n: 30, ids: 30 })
    })
  })
})

test("Each test runtime has only the globals of its original", async () => {
  const probe = (expression: string) => `export default () => ${expression}`
  const run = async (index: number, expression: string) => {
    const { default: evaluate } = await (runtimes[index] as JitsuRuntime).load(probe(expression))
    return (evaluate as unknown as () => unknown)()
  }
  expect(await run(0, "typeof setTimeout + typeof URL + typeof console + typeof TextEncoder")).toBe(
    "undefined".repeat(4),
  )
  expect(await run(1, "process.env.PLAN + typeof URL")).toBe("profunction")
  await expect(run(1, "fetch('http://127.0.0.1')")).rejects.toThrow("no permission")
  expect(await run(2, "process.env.PLAN + typeof fetch")).toBe("profunction")
})
