import { expect, test } from "vitest"
import { isPrivate, rejectPrivateHost } from "./private-hosts.ts"

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "::1",
  "::",
  "fc00::1",
  "fd12::1",
  "fe80::1",
  "::ffff:10.0.0.1",
  "::ffff:7f00:1",
  "64:ff9b::a00:1",
])("The address %s is private", address => {
  expect(isPrivate(address)).toBe(true)
})

test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "192.169.0.1"])(
  "The address %s is public",
  address => {
    expect(isPrivate(address)).toBe(false)
  },
)

test.each(["127.0.0.1", "[::1]", "::1", "localhost"])("The host %s is rejected as private", async host => {
  await expect(rejectPrivateHost(host)).rejects.toMatchObject({
    name: "ConfigError",
    code: "invalid_options",
  })
})

test.each(["8.8.8.8", "no-such-name.invalid"])(
  "The host %s is not rejected before the request",
  async host => {
    await expect(rejectPrivateHost(host)).resolves.toBeUndefined()
  },
)
