import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { createDiscardingServer } from "../data-api/discard.ts"
import { measureLatencies, type Sample, toFacts } from "./coalescing.ts"
import { openNetwork } from "./network.ts"

test("Each call is made in a separate turn, and its latency begins with the call", async () => {
  const events = Array.from({ length: 6 }, (_, id) => ({ messageId: `m${id}` }))
  let now = 0
  const call = async () => {
    const before = now
    await Promise.resolve()
    // No other call is made before the microtasks of this one have run.
    expect(now).toBe(before)
    now += 5
  }
  expect(await measureLatencies(events, 3, call, () => now)).toEqual([5, 5, 5, 5, 5, 5])
})

const toSample = (single: number, p50: number, requests: number): Sample => ({
  single: { p50: single, requests: 50, events: 50 },
  load: { p50, requests, events: 500 },
})

test("Requests are counted per 1,000 events, and the ratio is the median of the ratios of each round", () => {
  const facts = toFacts([toSample(20, 40, 100), toSample(30, 63, 125), toSample(200, 500, 400)])
  expect(facts.map(({ value, target }) => [value, target?.met])).toEqual([
    ["250", true],
    ["63.0 ms and 30.0 ms, 2.10 ×", true],
  ])
})

test("A value above its target is missed", () => {
  const facts = toFacts([toSample(20, 45, 126)])
  expect(facts.map(({ target }) => target?.met)).toEqual([false, false])
})

test("The network forwards a request, returns the answer, and counts the request", async () => {
  const server = createDiscardingServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const network = openNetwork()
  onTestFinished(async () => {
    await network.close()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const posted = await network.fetch(url, { method: "POST", headers: {}, body: "abc" })
  expect(posted).toMatchObject({ status: 200, headers: { "content-type": "application/json" } })
  expect(JSON.parse(posted.text)).toMatchObject({ rowsAffected: 1_000_000 })
  const counted = await network.fetch(url, { method: "GET", headers: {} })
  expect(JSON.parse(counted.text)).toEqual({ requests: 1, bytes: 3 })
  expect(network.requests).toBe(2)
})
