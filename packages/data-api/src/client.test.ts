import { describe, expect, test } from "vitest"
import { createDataApi } from "./data-api.ts"
import type { Fetch, FetchRequest, FetchResponse } from "./fetch.ts"

const ok: FetchResponse = { status: 200, headers: {}, text: () => '{"lastInsertId":0,"rowsAffected":1}' }
const unauthorized: FetchResponse = { status: 401, headers: {}, text: () => "Unauthorized" }

/** An api over a client that gives these answers in turn, and the requests that it was given. */
function answering(answers: FetchResponse[], token: string | (() => string | Promise<string>) = "t0") {
  const requests: FetchRequest[] = []
  const fetch: Fetch = async (_, request) => {
    requests.push(request)
    return answers[requests.length - 1] ?? ok
  }
  const api = createDataApi({ url: "https://db.example.com", token, database: "events", fetch })
  return { api, requests, tokens: () => requests.map(({ headers }) => headers.authorization?.slice(7)) }
}

describe("a token that is given as a function", () => {
  /** t1, t2, t3 … */
  const counting = () => {
    let count = 0
    return async () => `t${++count}`
  }

  test("is asked for before each request", async () => {
    const { api, tokens } = answering([], counting())
    await api.exec("SELECT 1")
    await api.exec("SELECT 1")
    expect(tokens()).toEqual(["t1", "t2"])
  })

  test("is renewed once when it has run out, and the request goes again", async () => {
    const { api, tokens } = answering([unauthorized], counting())
    await expect(api.exec("INSERT …")).resolves.toMatchObject({ rowsAffected: 1 })
    expect(tokens()).toEqual(["t1", "t2"])
  })

  test("is refused for good when the new one is refused too, or is the same", async () => {
    const rotating = answering([unauthorized, unauthorized], counting())
    await expect(rotating.api.exec("SELECT 1")).rejects.toMatchObject({ code: "access_denied" })
    expect(rotating.tokens()).toEqual(["t1", "t2"])
    const constant = answering([unauthorized], () => "same")
    await expect(constant.api.exec("SELECT 1")).rejects.toMatchObject({ code: "access_denied" })
    expect(constant.tokens()).toEqual(["same"])
  })

  test.each<[string, () => string | Promise<string>]>([
    ["throws", () => Promise.reject(new Error("hunter2 is wrong"))],
    [
      "throws at once",
      () => {
        throw new Error("hunter2 is wrong")
      },
    ],
    ["gives none", () => undefined as unknown as string],
    ["gives a text with a line break", () => "hunter2\r\nx-admin: 1"],
  ])("that %s: nothing is sent, and the rows are to be tried again", async (_, token) => {
    const { api, requests } = answering([], token)
    const failure = api.exec("SELECT 1").catch(error => error)
    expect(await failure).toMatchObject({ name: "DeliveryError", code: "no_token", ambiguous: false })
    expect(String(await failure)).not.toContain("hunter2")
    expect(requests).toEqual([])
  })

  test("is not needed for a ping", async () => {
    const { api, requests } = answering([{ ...ok, text: () => "pong" }], () => Promise.reject(new Error()))
    await api.ping()
    expect(requests).toMatchObject([{ method: "GET", headers: {} }])
  })
})

test("a fixed password that is refused is not sent again", async () => {
  const { api, requests } = answering([unauthorized])
  await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "access_denied" })
  expect(requests.length).toBe(1)
})

test("only what does no more when it is sent twice is called repeatable", async () => {
  const { api, requests } = answering([])
  const body = "{}"
  await api.send({ body, bytes: 2, rows: 1, repeatable: true })
  await api.send({ body, bytes: 2, rows: 1, repeatable: false })
  await api.exec("INSERT INTO t VALUES (1)")
  await api.query(" select 1").catch(() => {})
  await api.query("ECHO f()").catch(() => {})
  await api.ping().catch(() => {})
  expect(requests.map(({ repeatable }) => repeatable)).toEqual([true, false, false, true, false, true])
})

test("an error member in an answer to exec is an error too", async () => {
  const text = '{"rowsAffected":1,"error":{"code":1205,"message":"Lock wait timeout exceeded"}}'
  const { api } = answering([{ ...ok, text: () => text }])
  await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "lock_wait", engineCode: 1205 })
})

test("an error member without a number is an answer that is not known", async () => {
  const { api } = answering([{ ...ok, text: () => '{"results":[],"error":{"message":"odd"}}' }])
  await expect(api.query("SELECT 1")).rejects.toMatchObject({ code: "unknown_answer" })
})
