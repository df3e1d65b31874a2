import { fileURLToPath } from "node:url"
import { describeHost, type HostFetch, type Verdict } from "@singlesink/conformance"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JitsuContext } from "./host.ts"
import type { FunctionModule, JitsuRuntime } from "./testing/runtimes.ts"
import { overTheNetwork, runtimes } from "./testing/runtimes.ts"

const code = await bundleInMemory(fileURLToPath(new URL("..", import.meta.url)))

const eventOf = (id: number) => ({
  messageId: `m${id}`,
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
})

/** What Jitsu makes of a call: it reads the error's name and nothing else. */
async function verdictOf(call: Promise<unknown>): Promise<Verdict> {
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
  const toContext = (props: object, client: HostFetch = overTheNetwork) =>
    ({ props, fetch: toFetch(client), log: { error: () => {} } }) as unknown as JitsuContext

  describeHost(`Jitsu ${name}`, async target => {
    // As in production: the settings are text in the connection's environment.
    const ctx = toContext({ ...target })
    const { default: send } = await load(code)
    return { deliver: events => Promise.all(events.map(event => verdictOf(send(event as never, ctx)))) }
  })

  describe("in the long run", () => {
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

    /** Calls the function as rotor does, `atOnce` events under way; what failed comes back. */
    async function work(
      send: (id: number) => Promise<Verdict>,
      ids: readonly number[],
      atOnce: number,
    ): Promise<number[]> {
      const failed: number[] = []
      const waiting = ids.values()
      const workOn = async () => {
        for (const id of waiting) if ((await send(id)) !== "stored") failed.push(id)
      }
      await Promise.all(Array.from({ length: atOnce }, workOn))
      return failed
    }

    test("stores 1,000 events, 25 at once, in far fewer requests", async () => {
      const target = await createTable("many")
      const ctx = toContext(target)
      const { default: send } = await load(code)
      const before = emulator.requests.length
      const ids = Array.from({ length: 1_000 }, (_, id) => id)
      expect(await work(id => verdictOf(send(eventOf(id), ctx)), ids, 25)).toEqual([])
      expect(await countIds("many")).toEqual({ n: 1_000, ids: 1_000 })
      expect(emulator.requests.length - before).toBeLessThanOrEqual(250)
    })

    test("loses and doubles nothing when it is killed in mid-request, and the events come again", async () => {
      const target = await createTable("killed")
      let calls = 0
      let kill = () => {}
      let killed: Promise<void>
      let module: FunctionModule

      /** A new isolate. With the old one die all its calls; what it had sent goes on. */
      async function begin(): Promise<void> {
        module = await load(code)
        killed = new Promise(resolve => {
          kill = resolve
        })
      }

      const client: HostFetch = async (url, options) => {
        const answer = overTheNetwork(url, options)
        // Each third request is the last of its isolate.
        if (++calls % 3 === 0) setTimeout(kill, calls % 2)
        return answer
      }
      const ctx = toContext(target, client)
      const send = async (id: number): Promise<Verdict> => {
        const death = killed.then((): Verdict => "failed")
        return Promise.race([verdictOf(module.default(eventOf(id), ctx)), death])
      }

      let kills = 0
      let ids = Array.from({ length: 300 }, (_, id) => id)
      while (ids.length > 0 && kills < 1_000) {
        await begin()
        ids = await work(send, ids, 25)
        if (ids.length > 0) kills++
      }
      // What was sent before a death may still arrive.
      await new Promise(resolve => setTimeout(resolve, 20))
      expect(kills).toBeGreaterThan(3)
      expect(await countIds("killed")).toEqual({ n: 300, ids: 300 })
    })

    test("gives every event its verdict when the database hangs, and has it once when it comes again", async () => {
      const target = await createTable("hanging")
      const { default: send } = await load(code)
      const client: HostFetch = async (url, options) => {
        const late = new Promise<never>((_, reject) =>
          setTimeout(() => reject(new Error("Fetch request exceeded 30 ms")), 30).unref(),
        )
        return Promise.race([overTheNetwork(url, options), late])
      }
      const ctx = toContext(target, client)
      await emulator.injectFault({ kind: "hang" })
      await emulator.injectFault({ kind: "hang", after: "commit" })
      let ids = Array.from({ length: 30 }, (_, id) => id)
      const failures: number[] = []
      while (ids.length > 0 && failures.length < 10) {
        ids = await work(id => verdictOf(send(eventOf(id), ctx)), ids, 10)
        failures.push(ids.length)
      }
      expect(failures.length).toBeGreaterThan(1)
      expect(await countIds("hanging")).toEqual({ n: 30, ids: 30 })
    })
  })
})

test("the runtimes are as bare as they claim", async () => {
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
