import { describe, expect, test } from "vitest"
import { createDataApi } from "../data-api.ts"
import type { Fetch, FetchRequest, FetchResponse } from "./fetch.ts"

const ok: FetchResponse = { status: 200, headers: {}, text: () => '{"lastInsertId":0,"rowsAffected":1}' }
const unauthorized: FetchResponse = {
  status: 401,
  headers: {},
  text: () => "Error 1045 (28000): Access denied",
}

/** Creates a client whose server sends these responses in turn, and records the requests. */
function createApi(responses: FetchResponse[], token: string | (() => string | Promise<string>) = "t0") {
  const requests: FetchRequest[] = []
  const fetch: Fetch = async (_, request) => {
    requests.push(request)
    return responses[requests.length - 1] ?? ok
  }
  const api = createDataApi({ url: "https://db.example.com", token, database: "events", fetch })
  return { api, requests, tokens: () => requests.map(({ headers }) => headers.authorization?.slice(7)) }
}

describe("token functions", () => {
  /** Creates a token function that returns t1, t2, t3 … */
  const createTokenFunction = () => {
    let count = 0
    return async () => `t${++count}`
  }

  test("A token function is called before each request", async () => {
    const { api, tokens } = createApi([], createTokenFunction())
    await api.exec("SELECT 1")
    await api.exec("SELECT 1")
    expect(tokens()).toEqual(["t1", "t2"])
  })

  test("A token function is called again after a 401, and the request is sent again", async () => {
    const { api, tokens } = createApi([unauthorized], createTokenFunction())
    await expect(api.exec("INSERT …")).resolves.toMatchObject({ rowsAffected: 1 })
    expect(tokens()).toEqual(["t1", "t2"])
  })

  test("A call is rejected as access_denied if the new token is refused as well or is unchanged", async () => {
    const rotating = createApi([unauthorized, unauthorized], createTokenFunction())
    await expect(rotating.api.exec("SELECT 1")).rejects.toMatchObject({ code: "access_denied" })
    expect(rotating.tokens()).toEqual(["t1", "t2"])
    const constant = createApi([unauthorized], () => "same")
    await expect(constant.api.exec("SELECT 1")).rejects.toMatchObject({ code: "access_denied" })
    expect(constant.tokens()).toEqual(["same"])
  })

  test.each<[string, () => string | Promise<string>]>([
    ["rejects", () => Promise.reject(new Error("hunter2 is wrong"))],
    [
      "throws synchronously",
      () => {
        throw new Error("hunter2 is wrong")
      },
    ],
  ])(
    "A token function that %s fails the call with a retryable error before anything is sent",
    async (_, token) => {
      const { api, requests } = createApi([], token)
      const failure = api.exec("SELECT 1").catch(error => error)
      expect(await failure).toMatchObject({
        name: "DeliveryError",
        code: "token_unavailable",
        ambiguous: false,
      })
      expect(String(await failure)).not.toContain("hunter2")
      expect(requests).toEqual([])
    },
  )

  test("A ping is sent without a token, even if the token function fails", async () => {
    const { api, requests } = createApi([{ ...ok, text: () => "pong" }], () => Promise.reject(new Error()))
    await api.ping()
    expect(requests).toMatchObject([{ method: "GET", headers: {} }])
  })
})

test("A request with a fixed token is not sent again after a 401", async () => {
  const { api, requests } = createApi([unauthorized])
  await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "access_denied" })
  expect(requests.length).toBe(1)
})

test("Only requests that have the same effect when repeated are marked as idempotent", async () => {
  const { api, requests } = createApi([])
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

test("An error member in the response to exec rejects the call", async () => {
  const text = '{"rowsAffected":1,"error":{"code":1205,"message":"Lock wait timeout exceeded"}}'
  const { api } = createApi([{ ...ok, text: () => text }])
  await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "lock_timeout", engineCode: 1205 })
})

test("An error member without an engine code is reported as an unexpected response", async () => {
  const { api } = createApi([{ ...ok, text: () => '{"results":[],"error":{"message":"odd"}}' }])
  await expect(api.query("SELECT 1")).rejects.toMatchObject({ code: "unexpected_response" })
})

describe("timeout of a call", () => {
  const open = (token: () => Promise<string>, fetch: Fetch, timeoutMs: number) =>
    createDataApi({ url: "https://db.example.com", token, database: "events", fetch, timeoutMs })
  const delay = <Value>(milliseconds: number, value: Value) =>
    new Promise<Value>(resolve => setTimeout(() => resolve(value), milliseconds))

  test("A token function that never resolves fails the call after its timeout", async () => {
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

  test("One timeout covers the token, the request, and the repetition of both after a 401", async () => {
    const times: number[] = []
    let count = 0
    const fetch: Fetch = async (_, { timeoutMs }) => {
      times.push(timeoutMs)
      await delay(20, undefined)
      return times.length === 1 ? unauthorized : ok
    }
    await open(async () => delay(20, `t${++count}`), fetch, 10_000).exec("SELECT 1")
    const [first = 0, second = 0] = times
    expect(first).toBeLessThanOrEqual(9_981)
    expect(second).toBeLessThanOrEqual(9_941)
  })

  test("A 401 is reported without another request if the timeout of the call has passed", async () => {
    let requests = 0
    const fetch: Fetch = async () => {
      requests++
      return delay(30, unauthorized)
    }
    await expect(open(async () => `t${requests}`, fetch, 20).exec("SELECT 1")).rejects.toMatchObject({
      code: "access_denied",
    })
    expect(requests).toBe(1)
  })
})

test("A 401 is reported as access_denied if the token function then fails", async () => {
  let count = 0
  const { api } = createApi([unauthorized], () => {
    if (++count === 1) return "t1"
    throw new Error("no more")
  })
  await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "access_denied", status: 401 })
})

test.each([
  [413, { status: "too_large" }],
  [401, { status: "error", error: { code: "not_from_database" } }],
])(
  "A response with status %i is classified by its status if its body cannot be read",
  async (status, outcome) => {
    const text = () => Promise.reject(new Error("lost"))
    const { api } = createApi([{ status, headers: {}, text }])
    const reply = api.send({ body: "{}", bytes: 2, rows: 1, idempotent: true }).catch(error => error)
    expect(await reply).toMatchObject(outcome)
  },
)

test("At most 64 KB are read from a failed response and from a response to exec", async () => {
  const limits: number[] = []
  const text = (maxBytes: number) => {
    limits.push(maxBytes)
    return ""
  }
  const { api } = createApi([500, 200].map(status => ({ status, headers: {}, text })))
  await api.query("SELECT 1").catch(() => {})
  await api.exec("SELECT 1").catch(() => {})
  expect(limits).toEqual([65_536, 65_536])
})

describe("malformed responses, errors and arguments", () => {
  test.each<[string, unknown]>([
    ["no text", undefined],
    ["a number as its text", 7],
    ["an error message of the wrong type", '{"error":{"message":{"toString":1,"valueOf":1}}}'],
    ["results that are not an array", '{"results":7}'],
    ["rows that are not an array", '{"results":[{"rows":7}]}'],
  ])("A response with %s makes every call reject with an error code", async (_, text) => {
    for (const status of [200, 500]) {
      const { api } = createApi(Array(3).fill({ status, headers: {}, text: () => text as string }))
      for (const call of [api.exec("SELECT 1"), api.query("SELECT 1"), api.ping()])
        expect(
          await call.then(
            () => undefined,
            error => error.code,
          ),
        ).toBeTypeOf("string")
    }
  })

  test.each(["-1", "1.5", "1e999", '"1"', "null"])(
    "A response with rowsAffected %s is reported as not_from_database",
    async rowsAffected => {
      const { api } = createApi([{ ...ok, text: () => `{"rowsAffected":${rowsAffected}}` }])
      await expect(api.exec("SELECT 1")).rejects.toMatchObject({ code: "not_from_database" })
    },
  )

  test("An HTTP client that throws a malformed error is reported as connection_lost", async () => {
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

  test.each<[string, unknown, string]>([
    ["NaN", Number.NaN, "Argument 2 is not a finite number"],
    ["Infinity", Number.NEGATIVE_INFINITY, "Argument 2 is not a finite number"],
    ["undefined", undefined, "Argument 2 is of type undefined"],
    ["a function", () => 1, "Argument 2 is of type function"],
    ["a symbol", Symbol("hunter2"), "Argument 2 is of type symbol"],
  ])("The argument %s is reported as sql_error and is not sent as NULL", async (_, argument, part) => {
    const { api, requests } = createApi([])
    for (const call of [api.exec, api.query] as (typeof api.exec)[]) {
      const error = await call("SELECT ?, ?", [1, argument as never]).catch(error => error)
      expect(error).toMatchObject({
        name: "ConfigError",
        code: "sql_error",
        message: expect.stringContaining(part),
      })
    }
    expect(requests).toEqual([])
  })

  test("Arguments that cannot be serialized are reported as sql_error, and nothing is sent", async () => {
    const { api, requests } = createApi([])
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    for (const argument of [cycle, { deep: 1n }])
      await expect(api.exec("SELECT ?", [argument])).rejects.toMatchObject({ code: "sql_error" })
    expect(requests).toEqual([])
  })
})

test("A bigint argument is sent as a string of its digits", async () => {
  const { api, requests } = createApi([])
  await api.exec("SELECT ?", [9007199254740993n])
  expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ args: ["9007199254740993"] })
})

test.each([['{"results":[{"rows":null}]}'], ['{"results":[]}']])(
  "The response %s is read as an empty result",
  async text => {
    const { api } = createApi([{ ...ok, text: () => text }])
    expect(await api.query("SELECT 1")).toEqual([])
  },
)

test("An unknown option is reported by its name", () => {
  const options = { url: "https://db.example.com", token: "t", database: "events", timeout: 5 }
  expect(() => createDataApi(options)).toThrow("Unknown option `timeout`")
  expect(() => createDataApi(undefined as never)).toThrow(/invalid_options/)
})
