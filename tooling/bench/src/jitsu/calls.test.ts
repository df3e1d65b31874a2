import { fileURLToPath } from "node:url"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import { expect, test } from "vitest"
import { createEvents } from "../events.ts"
import { createCallWorkload } from "./calls.ts"
import { openSandbox } from "./sandbox.ts"

/** Bundled from the sources, so that the test needs no build. */
const bundle = await bundleInMemory(fileURLToPath(new URL("../../../../packages/jitsu", import.meta.url)))
const props = { url: "https://bench.invalid", username: "bench", password: "bench", database: "events" }
const answer = JSON.stringify({ rowsAffected: 1_000_000 })

test("The function sends the values of the original for every event of the bench", async () => {
  for (const size of ["0.8 KB", "2 KB"] as const) {
    const workload = await createCallWorkload(bundle, size, createEvents(size, 300))
    await expect(workload.check?.()).resolves.toBeUndefined()
  }
})

test("The floor reports the bytes of the events, and our side reports the bytes of the requests", async () => {
  const events = createEvents("0.8 KB", 300)
  const { sides } = await createCallWorkload(bundle, "0.8 KB", events)
  const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0)
  expect(await sides.floor()).toBe(bytes)
  expect((await sides.ours()) / events.length).toBeCloseTo(640, -2)
})

test("Concurrent calls share a request", async () => {
  const { send, parse, createHost, callInBursts } = await openSandbox(bundle)
  const rows: number[] = []
  const ctx = createHost(props, answer, body => rows.push(JSON.parse(body).args.length / 11))
  await callInBursts(send, ctx, parse(JSON.stringify(createEvents("0.8 KB", 250))), 100)
  expect(rows).toEqual([100, 100, 50])
})

test("The check rejects if the function does not send its events", async () => {
  const lazy = "export default async () => {}"
  const workload = await createCallWorkload(lazy, "0.8 KB", createEvents("0.8 KB", 3))
  await expect(workload.check?.()).rejects.toThrow("does not send the values")
})

test("createCallWorkload rejects if an event is not stored", async () => {
  const [event] = createEvents("0.8 KB", 1)
  const broken = { ...event, timestamp: "yesterday" }
  await expect(createCallWorkload(bundle, "0.8 KB", [broken])).rejects.toThrow("timestamp")
})
