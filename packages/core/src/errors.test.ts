import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError, isSinkError, type SinkError, toAmbiguous } from "./errors.ts"

test("isSinkError recognizes the three errors by a brand, also across copies of the package", () => {
  expect(isSinkError(new EventError({ code: "invalid_timestamp", message: "m" }))).toBe(true)
  expect(isSinkError(new ConfigError({ code: "access_denied", message: "m" }))).toBe(true)
  expect(isSinkError(new DeliveryError({ code: "timeout", message: "m" }))).toBe(true)
  expect(isSinkError(Object.assign(new Error("m"), { [Symbol.for("singlesink.error")]: true }))).toBe(true)
  for (const value of [new Error("m"), "m", undefined, null, {}]) expect(isSinkError(value)).toBe(false)
})

test("isSinkError returns false for a revoked proxy instead of throwing", () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(isSinkError(proxy)).toBe(false)
})

test("An error has a name, a code, its details and a message that ends with the code", () => {
  const error = new DeliveryError({ code: "timeout", message: "No answer.", status: 504, retryAfterMs: 5 })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ name: "DeliveryError", code: "timeout", status: 504, retryAfterMs: 5 })
  expect(String(error)).toBe("DeliveryError: No answer. [timeout]")
  const details = { column: "userId", table: "events", engineCode: 1406 } as const
  expect(new EventError({ code: "value_rejected", message: "No.", ...details })).toMatchObject(details)
})

test("An error is not ambiguous unless its details say so", () => {
  expect(new DeliveryError({ code: "timeout", message: "m" }).ambiguous).toBe(false)
  expect(new DeliveryError({ code: "timeout", message: "m", ambiguous: true }).ambiguous).toBe(true)
})

test("A message that is made from another error ends with one code", () => {
  const first = new ConfigError({ code: "sql_error", message: "No." })
  expect(new ConfigError({ code: "sql_error", message: first.message }).message).toBe("No. [sql_error]")
  expect(new ConfigError({ code: "batch_rejected", message: first.message }).message).toBe(
    "No. [batch_rejected]",
  )
})

describe("toAmbiguous", () => {
  const details = { message: "No.", column: "c", table: "t", engineCode: 1, status: 500 }
  const issues = [{ path: "limits", message: "`limits` must be an object" }]

  test.each<[string, ConfigError | DeliveryError]>([
    ["ConfigError", new ConfigError({ code: "invalid_options", ...details, issues })],
    ["DeliveryError", new DeliveryError({ code: "timeout", ...details, retryAfterMs: 700 })],
  ])("toAmbiguous keeps every detail of a %s and extends its message", (name, error) => {
    const ambiguous: SinkError = toAmbiguous(error)
    expect(isSinkError(ambiguous)).toBe(true)
    expect(ambiguous.name).toBe(name)
    expect(ambiguous.message).toBe(`No. A request may have stored the event. [${error.code}]`)
    expect({ ...ambiguous }).toEqual({ ...error, ambiguous: true })
    expect(error.ambiguous).toBe(false)
  })

  test("toAmbiguous returns an error that is ambiguous already as it is", () => {
    const error = new DeliveryError({ code: "timeout", message: "No answer.", ambiguous: true })
    expect(toAmbiguous(error)).toBe(error)
  })
})
