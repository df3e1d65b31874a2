import { expect, test } from "vitest"
import type { Fetch, FetchRequest } from "./fetch.ts"
import { createSwitchableFetch } from "./switchable-fetch.ts"

const url = "https://db.example.com"
const request: FetchRequest = { method: "POST", headers: {}, body: "{}", timeoutMs: 1_000, idempotent: true }

const createFetch =
  (text: string): Fetch =>
  async () => ({ status: 200, headers: {}, text: () => text })

test("A switchable fetch passes the URL and the request to the current HTTP client", async () => {
  const calls: unknown[] = []
  const fetch = createSwitchableFetch()
  fetch.use((...call) => {
    calls.push(call)
    return createFetch("response")(...call)
  })
  expect(await (await fetch(url, request)).text(100)).toBe("response")
  expect(calls).toEqual([[url, request]])
})

test("A switchable fetch sends a request to the HTTP client that was current when the request began", async () => {
  const fetch = createSwitchableFetch()
  fetch.use(createFetch("first"))
  const early = fetch(url, request)
  fetch.use(createFetch("second"))
  const late = fetch(url, request)
  const responses = await Promise.all([early, late])
  expect(await Promise.all(responses.map(response => response.text(100)))).toEqual(["first", "second"])
})

test("Each switchable fetch has its own HTTP client", async () => {
  const [first, second] = [createSwitchableFetch(), createSwitchableFetch()]
  first.use(createFetch("first"))
  second.use(createFetch("second"))
  expect(await (await first(url, request)).text(100)).toBe("first")
})

test("A switchable fetch without an HTTP client rejects", async () => {
  await expect(createSwitchableFetch()(url, request)).rejects.toThrow("No HTTP client is set.")
})
