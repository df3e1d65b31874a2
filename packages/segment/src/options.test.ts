import { expect, test } from "vitest"
import { createDestination } from "./index.ts"

test.each<[string, unknown]>([
  ["`protocol` must be one of: https, http", { protocol: "ftp" }],
  ["`timeoutMs` must be an integer from 1 to 2147483647", { timeoutMs: 0 }],
  ["`deduplicate` must be true or false", { deduplicate: "false" }],
  ["Unknown option `forbidPrivateHost`", { forbidPrivateHost: true }],
])("createDestination throws a ConfigError that says: %s", (message, options) => {
  const create = () => createDestination(options as object)
  expect(create).toThrow(`Invalid options for createDestination: ${message}`)
  expect(create).toThrow(expect.objectContaining({ name: "ConfigError", code: "invalid_options" }))
})

test("createDestination accepts options that are undefined", () => {
  expect(createDestination({ protocol: undefined, timeoutMs: undefined }).slug).toBe("actions-singlestore")
})
