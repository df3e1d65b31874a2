import { expect, test } from "vitest"
import { toRenewableCredentials } from "./token-function.ts"

test("A token function is called for each authorization", async () => {
  const tokens = ["first", "second"]
  const credentials = toRenewableCredentials(async () => tokens.shift() ?? "")
  expect(await credentials.authorize(1_000)).toEqual({
    header: "Bearer first",
    secrets: expect.arrayContaining(["first"]),
  })
  expect(await credentials.authorize(1_000)).toMatchObject({ header: "Bearer second" })
})

test.each<[string, unknown, string]>([
  ["ends with a line break", "hunter2\n", "ends with a space or a line break"],
  ["starts with a space", " hunter2", "starts or ends with a space"],
  ["has a line break", "hunter2\r\nx-admin: 1", "contains another character"],
  ["has a character outside ASCII", "hunter2é", "contains another character"],
  ["is empty", "", "is empty"],
  ["is undefined", undefined, "is of type undefined"],
  ["is an object", { token: "hunter2" }, "is of type object"],
])("A token that %s is reported as an invalid option without its value", async (_, token, part) => {
  const error = await toRenewableCredentials(() => token as string).authorize(1_000)
  expect(error).toMatchObject({ name: "ConfigError", code: "invalid_options", issues: [{ path: "token" }] })
  expect(JSON.stringify(error) + String(error)).toContain(part)
  expect(JSON.stringify(error) + String(error)).not.toContain("hunter2")
})

test.each<[string, () => string | Promise<string>]>([
  [
    "throws",
    () => {
      throw new Error("hunter2")
    },
  ],
  [
    "rejects",
    async () => {
      throw new Error("hunter2")
    },
  ],
  ["never resolves", () => new Promise(() => {})],
])("A token function that %s is a retryable failure", async (_, token) => {
  const error = await toRenewableCredentials(token).authorize(10)
  expect(error).toMatchObject({ name: "DeliveryError", code: "token_unavailable" })
  expect(String(error)).not.toContain("hunter2")
})
