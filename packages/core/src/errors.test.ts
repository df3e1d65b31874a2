import { expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError, isSinkError } from "./errors.ts"

test("the three errors know each other by a brand, also across copies of the package", () => {
  expect(isSinkError(new EventError({ code: "invalid_timestamp", message: "m" }))).toBe(true)
  expect(isSinkError(new ConfigError({ code: "access_denied", message: "m" }))).toBe(true)
  expect(isSinkError(Object.assign(new Error("m"), { [Symbol.for("singlesink.error")]: true }))).toBe(true)
  expect(isSinkError(new Error("m"))).toBe(false)
  expect(isSinkError("m")).toBe(false)
})

test("an error has its name, its code and a place to read on", () => {
  const error = new DeliveryError({ code: "timeout", message: "No answer.", status: 504, ambiguous: true })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ name: "DeliveryError", code: "timeout", status: 504, ambiguous: true })
  expect(String(error)).toBe("DeliveryError: No answer. (docs/operating.md#timeout)")
})
