import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { createSink } from "@singlesink/core"
import { expect, onTestFinished, test } from "vitest"
import { createEvents } from "../events.ts"
import { createReadingTransport } from "../transport.ts"
import { checkArrival } from "./arrival.ts"
import { createDiscardingServer } from "./discard.ts"
import { openStage, type Stage } from "./stage.ts"

async function startStage(delayMs?: number): Promise<Stage> {
  const server = createDiscardingServer(delayMs).listen(0, "127.0.0.1")
  await once(server, "listening")
  const stage = openStage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(async () => {
    await stage.close()
    server.close()
    server.closeAllConnections()
  })
  return stage
}

test("the server reads whole bodies, and says how many and how much", async () => {
  const { postBare, postOurs, countReceived } = await startStage()
  await Promise.all([postBare("ä".repeat(500_000)), postOurs("b"), postOurs("c")])
  expect(await countReceived()).toEqual({ requests: 3, bytes: 1_000_002 })
})

test("bare undici and our client are given the same answer, late where that is asked for", async () => {
  const { postBare, postOurs } = await startStage(1)
  const answer = await postBare("{}")
  expect(JSON.parse(String(answer))).toEqual({ lastInsertId: 0, rowsAffected: 1_000_000 })
  expect(await postOurs("{}")).toBe(answer)
})

test("a sink takes every event as stored and none as a duplicate, and its bodies are recorded", async () => {
  const stage = await startStage()
  const events = createEvents("0.8 KB", 300)
  const bodies = await stage.record(events, 700)
  const rows = bodies.flatMap(body => (JSON.parse(body) as { args: unknown[] }).args).length / 11
  expect(rows).toBe(700)
  const sink = stage.createSink()
  await sink.writeBatch(events)
  expect(sink.stats()).toMatchObject({ stored: 300, duplicates: 0 })
})

test("the whole path sends what core gives a port", async () => {
  const stage = await startStage()
  const events = createEvents("2 KB", 100)
  const api = createReadingTransport("at once")
  await createSink({ transport: api, table: "segment_data" }).writeBatch(events)
  const sink = stage.createSink()
  await sink.writeBatch(events)
  expect((await stage.countReceived()).bytes).toBe(api.bytes)
})

test("a side that sends less than it says is found", async () => {
  const stage = await startStage()
  await expect(checkArrival(() => stage.postOurs("abc").then(() => 3), stage)).resolves.toBe(3)
  await expect(checkArrival(() => stage.postOurs("abc").then(() => 4), stage)).rejects.toThrow("has not got")
})
