import { describe, expect, test } from "vitest"
import { engineCodeOf, failures, findFailure } from "./failures.ts"

describe("a failed answer is known by its text, then by the engine's code, then by the status", () => {
  test.each<[number, string, string]>([
    [400, "Error reading request body: http: request body too large", "request_too_large"],
    [413, "", "request_too_large"],
    [500, "Error 1146 (42S02): Table 'db.t' doesn't exist", "unknown_table"],
    [400, "Error 1146: Table 'db.t' doesn't exist", "unknown_table"],
    [400, "Error 1205 (HY000): Lock wait timeout exceeded", "lock_wait"],
    [400, "Error 1292 (22007): Incorrect datetime value", "value_refused"],
    [401, "Error 1045 (28000): Access denied", "access_denied"],
    [401, "", "access_denied"],
    [403, "", "no_privilege"],
    [404, "page not found", "unknown_endpoint"],
    [408, "", "timeout"],
    [429, "", "too_busy"],
    [500, "partitions offline", "server_unavailable"],
    [503, "", "server_unavailable"],
    [504, "", "timeout"],
    [302, "", "not_the_data_api"],
    [200, "<html>", "not_the_data_api"],
    [415, "some text", "bad_request"],
  ])("%i %j is %s", (status, text, code) => {
    expect(findFailure({ status, text }).code).toBe(code)
  })

  test.each([
    [500, "Error 9999 (HY000): nobody knows"],
    [400, "Error 9999 (HY000): the lock timed out"],
    [400, "some text"],
    [418, "a teapot"],
  ])("%i %j is not known", (status, text) => {
    expect(findFailure({ status, text }).code).toBe("unknown_answer")
  })
})

test("the engine's code is read with and without a state, and nowhere but at the start", () => {
  expect(engineCodeOf("Error 1146 (42S02): x")).toBe(1146)
  expect(engineCodeOf("Error 1146: x")).toBe(1146)
  expect(engineCodeOf("Oh, Error 1146: x")).toBeUndefined()
})

test("no sign stands in two places of the table", () => {
  const signs = failures.flatMap(({ engineCodes = [], statuses = [], systemCodes = [] }) => [
    ...engineCodes.map(code => `engine ${code}`),
    ...statuses.map(status => `status ${status}`),
    ...systemCodes,
  ])
  expect(new Set(signs).size).toBe(signs.length)
  expect(failures.map(({ otherwise }) => otherwise).filter(Boolean)).toEqual(["no answer", "answer"])
})
