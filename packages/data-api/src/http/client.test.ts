import { describe, expect, test } from "vitest"
import { createDataApi } from "../data-api.ts"
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
    expect(await failure).toMatchObject({
      name: "DeliveryError",
      code: "token_unavailable",
      ambiguous: false,
    })
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

test("only what does no more when it is sent twice is called idempotent", async () => {
  const { api, requests } = answering([])
  const body = "{}"
  await api.send({ body, bytes: 2, rows: 1, idempotent: true })
  await api.send({ body, bytes: 2, rows: 1, idempotent: false })
  await api.exec("INSERT INTO t VALUES (1)")
  await api.query(" select 1").catch(() => {})
  await api.query("ECHO f()").catch(() => {})
  await api.query("SELECT * FROM t INTO KAFKA 'h/t'").catch(() => {})
  await api.query("WITH old AS (SELECT 1) DELETE FROM t").catch(() => {})
  await api.ping().catch(() => {})
  expect(requests.map(({ idempotent }) => idempotent)).toEqual([
    ...[true, false, false, true, false],
    ...[false, false, true],
  ])
})

test("an error member in an answer to exec is an error too", async () => {
  const text = '{"rowsAffected":1,"error":{"code":1205,"message":"Lock wait timeout exceeded"}}'
  const { api } = answering([{ ...ok, text: () => text }])
  await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "lock_timeout", engineCode: 1205 })
})

test("an error member without a number is an answer that is not known", async () => {
  const { api } = answering([{ ...ok, text: () => '{"results":[],"error":{"message":"odd"}}' }])
  await expect(api.query("SELECT 1")).rejects.toMatchObject({ code: "unexpected_response" })
})

describe("the time of a call", () => {
  const open = (token: () => Promise<string>, fetch: Fetch, timeoutMs: number) =>
    createDataApi({ url: "https://db.example.com", token, database: "events", fetch, timeoutMs })
  const later = <Value>(milliseconds: number, value: Value) =>
    new Promise<Value>(resolve => setTimeout(() => resolve(value), milliseconds))

  test("ends a token function that gives nothing", async () => {
    const api = open(
      () => new Promise(() => {}),
      async () => ok,
      20,
    )
    await expect(api.exec("SELECT 1")).rejects.toMatchObject({
      name: "DeliveryError",
      code: "token_unavailable",
    })
  })

  test("is one for the token, the request, and both again after a 401", async () => {
    const times: number[] = []
    let count = 0
    const fetch: Fetch = async (_, { timeoutMs }) => {
      times.push(timeoutMs)
      await later(20, undefined)
      return times.length === 1 ? unauthorized : ok
    }
    await open(async () => later(20, `t${++count}`), fetch, 10_000).exec("SELECT 1")
    const [first = 0, second = 0] = times
    expect(first).toBeLessThanOrEqual(9_981)
    expect(second).toBeLessThanOrEqual(9_941)
  })

  test("that is over leaves a 401 as it is", async () => {
    let requests = 0
    const fetch: Fetch = async () => {
      requests++
      return later(30, unauthorized)
    }
    await expect(open(async () => `t${requests}`, fetch, 20).exec("SELECT 1")).rejects.toMatchObject({
      code: "access_denied",
    })
    expect(requests).toBe(1)
  })
})

test("a token function that fails after a 401 leaves that as it is", async () => {
  let count = 0
  const { api } = answering([unauthorized], () => {
    if (++count === 1) return "t1"
    throw new Error("no more")
  })
  await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "access_denied", status: 401 })
})

test.each([
  [413, { status: "too_large" }],
  [401, { status: "error", error: { code: "access_denied" } }],
])("a status tells a failure also where its text is lost: %i", async (status, outcome) => {
  const text = () => Promise.reject(new Error("lost"))
  const { api } = answering([{ status, headers: {}, text }])
  const reply = api.send({ body: "{}", bytes: 2, rows: 1, idempotent: true }).catch(error => error)
  expect(await reply).toMatchObject(outcome)
})

test("no more than 64 KB are asked for of an answer that tells a failure, and of one to exec", async () => {
  const asked: number[] = []
  const text = (maxBytes: number) => {
    asked.push(maxBytes)
    return ""
  }
  const { api } = answering([500, 200].map(status => ({ status, headers: {}, text })))
  await api.query("SELECT 1").catch(() => {})
  await api.exec("SELECT 1").catch(() => {})
  expect(asked).toEqual([65_536, 65_536])
})

describe("whatever comes back, one of the three errors is thrown", () => {
  test.each<[string, unknown]>([
    ["no text", undefined],
    ["a number", 7],
    ["an error member that is odd", '{"error":{"message":{"toString":1,"valueOf":1}}}'],
    ["results that are no list", '{"results":7}'],
    ["rows that are no list", '{"results":[{"rows":7}]}'],
  ])("%s", async (_, text) => {
    for (const status of [200, 500]) {
      const { api } = answering(Array(3).fill({ status, headers: {}, text: () => text as string }))
      for (const call of [api.exec("SELECT 1"), api.query("SELECT 1"), api.ping()])
        expect(
          await call.then(
            () => undefined,
            error => error.code,
          ),
        ).toBeTypeOf("string")
    }
  })

  test.each(["-1", "1.5", "1e999", '"1"', "null"])("no count of rows is %s", async rowsAffected => {
    const { api } = answering([{ ...ok, text: () => `{"rowsAffected":${rowsAffected}}` }])
    await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "not_a_data_api" })
  })

  test("a client that throws something odd", async () => {
    const thrown = {
      message: Symbol("odd"),
      code: {},
      get name() {
        return 5
      },
    }
    const fetch: Fetch = () => Promise.reject(thrown)
    const api = createDataApi({ url: "https://db.example.com", token: "t", database: "events", fetch })
    await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "connection_lost" })
  })

  test("arguments that cannot be written", async () => {
    const { api, requests } = answering([])
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    for (const argument of [cycle, { deep: 1n }])
      await expect(api.exec("SELECT ?", [argument])).rejects.toMatchObject({ code: "sql_error" })
    expect(requests).toEqual([])
  })
})

test("a bigint travels as its digits", async () => {
  const { api, requests } = answering([])
  await api.exec("SELECT ?", [9007199254740993n])
  expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ args: ["9007199254740993"] })
})

test.each([['{"results":[{"rows":null}]}'], ['{"results":[]}']])("no rows may come as %s", async text => {
  const { api } = answering([{ ...ok, text: () => text }])
  expect(await api.query("SELECT 1")).toEqual([])
})

test("an option that is none is told by its name", () => {
  const options = { url: "https://db.example.com", token: "t", database: "events", timeout: 5 }
  expect(() => createDataApi(options)).toThrow("Unknown option `timeout`")
  expect(() => createDataApi(undefined as never)).toThrow(/invalid_options/)
})
