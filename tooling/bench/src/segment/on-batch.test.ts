import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { openClients } from "../data-api/clients.ts"
import { createDiscardingServer } from "../data-api/discard.ts"
import { createEvents } from "../events.ts"
import { createOnBatchWorkload, toRun } from "./on-batch.ts"

async function openServer() {
  const server = createDiscardingServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients = openClients(url)
  onTestFinished(async () => {
    await clients.close()
    server.close()
    server.closeAllConnections()
  })
  return { url, clients }
}

test("Both destinations send every event with the same values, and report the bytes that the server receives", async () => {
  const { url, clients } = await openServer()
  for (const size of ["0.8 KB", "2 KB"] as const) {
    const workload = await createOnBatchWorkload(createEvents(size, 300), 100, url, clients)
    await expect(workload.check?.()).resolves.toBeUndefined()
  }
})

test("A batch above the limit is two requests of ours and one of the original", async () => {
  const { url, clients } = await openServer()
  const { sides, check } = await createOnBatchWorkload(createEvents("2 KB", 1_000), 1_000, url, clients)
  await expect(check?.()).resolves.toBeUndefined()
  const countRequests = async (run = sides.floor) => {
    const { requests } = await clients.countReceived()
    await run()
    return (await clients.countReceived()).requests - requests
  }
  expect([
    await countRequests(),
    await countRequests(sides.original),
    await countRequests(sides.ours),
  ]).toEqual([0, 1, 2])
})

test("A run rejects if an answer is missing or is not 200", async () => {
  const batches = [createEvents("0.8 KB", 2)]
  await expect(toRun(async () => [{ status: 200 }, { status: 200 }], batches, 7)()).resolves.toBe(7)
  await expect(toRun(async () => [{ status: 200 }], batches, 7)()).rejects.toThrow(
    "did not store every event",
  )
  const refusing = toRun(async () => [{ status: 200 }, { status: 400 }], batches, 7)
  await expect(refusing()).rejects.toThrow("did not store every event")
})
