import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { createDiscardingServer } from "../data-api/discard.ts"
import { openStage } from "../data-api/stage.ts"
import { createEvents } from "../events.ts"
import { createCallWorkload, toRun } from "./calls.ts"

async function openServer() {
  const server = createDiscardingServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stage = openStage(url)
  onTestFinished(async () => {
    await stage.close()
    server.close()
    server.closeAllConnections()
  })
  return { url, stage }
}

test("both destinations deliver every event with the same values, and the bytes are those that arrive", async () => {
  const { url, stage } = await openServer()
  for (const size of ["0.8 KB", "2 KB"] as const) {
    const workload = await createCallWorkload(createEvents(size, 300), 100, url, stage)
    await expect(workload.check?.()).resolves.toBeUndefined()
  }
})

test("a batch that is too long for a request is two of ours, and one of the original's", async () => {
  const { url, stage } = await openServer()
  const { sides, check } = await createCallWorkload(createEvents("2 KB", 1_000), 1_000, url, stage)
  await expect(check?.()).resolves.toBeUndefined()
  const countRequests = async (run = sides.floor) => {
    const { requests } = await stage.countReceived()
    await run()
    return (await stage.countReceived()).requests - requests
  }
  expect([await countRequests(), await countRequests(sides.peer), await countRequests(sides.ours)]).toEqual([
    0, 1, 2,
  ])
})

test("a side that leaves events out, or does not store them, would win unfairly and ends the bench", async () => {
  const batches = [createEvents("0.8 KB", 2)]
  await expect(toRun(async () => [{ status: 200 }, { status: 200 }], batches, 7)()).resolves.toBe(7)
  await expect(toRun(async () => [{ status: 200 }], batches, 7)()).rejects.toThrow(
    "did not store every event",
  )
  const refusing = toRun(async () => [{ status: 200 }, { status: 400 }], batches, 7)
  await expect(refusing()).rejects.toThrow("did not store every event")
})
