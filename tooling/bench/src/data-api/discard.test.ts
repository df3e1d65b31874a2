import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { createSink } from "@singlesink/core"
import { expect, onTestFinished, test } from "vitest"
import { createEvents } from "../events.ts"
import { createReadingTransport } from "../transport.ts"
import { checkArrival } from "./arrival.ts"
import { type Clients, openClients } from "./clients.ts"
import { createDiscardingServer } from "./discard.ts"

async function startClients(delayMs?: number): Promise<Clients> {
  const server = createDiscardingServer(delayMs).listen(0, "127.0.0.1")
  await once(server, "listening")
  const clients = openClients(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(async () => {
    await clients.close()
    server.close()
    server.closeAllConnections()
  })
  return clients
}

test("The server reads complete bodies and counts requests and bytes", async () => {
  const { postBare, postOurs, countReceived } = await startClients()
  await Promise.all([postBare("ä".repeat(500_000)), postOurs("b"), postOurs("c")])
  expect(await countReceived()).toEqual({ requests: 3, bytes: 1_000_002 })
})

test("Bare undici and our client get the same answer, also after a delay", async () => {
  const { postBare, postOurs } = await startClients(1)
  const answer = await postBare("{}")
  expect(JSON.parse(String(answer))).toEqual({ lastInsertId: 0, rowsAffected: 1_000_000 })
  expect(await postOurs("{}")).toBe(answer)
})

test("A sink takes every event as stored and none as a duplicate, and its bodies can be recorded", async () => {
  const clients = await startClients()
  const events = createEvents("0.8 KB", 300)
  const bodies = await clients.record(events, 700)
  const rows = bodies.flatMap(body => (JSON.parse(body) as { args: unknown[] }).args).length / 11
  expect(rows).toBe(700)
  const sink = clients.createSink()
  await sink.writeBatch(events)
  expect(sink.stats()).toMatchObject({ stored: 300, duplicates: 0 })
})

test("The whole path sends the bytes that core passes to its transport", async () => {
  const clients = await startClients()
  const events = createEvents("2 KB", 100)
  const api = createReadingTransport("immediate")
  await createSink({ transport: api, table: "segment_data" }).writeBatch(events)
  const sink = clients.createSink()
  await sink.writeBatch(events)
  expect((await clients.countReceived()).bytes).toBe(api.bytes)
})

test("checkArrival rejects if a side sends less than it reports", async () => {
  const clients = await startClients()
  await expect(checkArrival(() => clients.postOurs("abc").then(() => 3), clients)).resolves.toBe(3)
  await expect(checkArrival(() => clients.postOurs("abc").then(() => 4), clients)).rejects.toThrow(
    "did not receive",
  )
})
