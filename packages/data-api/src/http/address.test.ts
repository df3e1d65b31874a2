import { describe, expect, test } from "vitest"
import { type AddressOptions, checkAddress, toBaseUrl } from "./address.ts"

const issuesOf = (options: AddressOptions) => checkAddress(options).map(({ message }) => message)

test.each<[AddressOptions, string]>([
  [{ url: "https://svc-1.example.com" }, "https://svc-1.example.com"],
  [{ url: "https://svc-1.example.com/" }, "https://svc-1.example.com"],
  [{ url: "https://svc-1.example.com:8443/base/path//" }, "https://svc-1.example.com:8443/base/path"],
  [{ url: "HTTPS://Example.com" }, "https://example.com"],
  [{ url: "https://0x7f.1" }, "https://127.0.0.1"],
  [{ host: "ＥＸＡＭＰＬＥ.com." }, "https://example.com."],
  [{ url: "http://localhost:9000" }, "http://localhost:9000"],
  [{ url: "http://127.0.0.1:9000" }, "http://127.0.0.1:9000"],
  [{ url: "http://[::1]:9000" }, "http://[::1]:9000"],
  [{ url: "https://[2001:db8::1]" }, "https://[2001:db8::1]"],
  [{ url: "http://db.internal:9000", allowInsecure: true }, "http://db.internal:9000"],
  [{ host: "svc-1.example.com" }, "https://svc-1.example.com"],
  [{ host: "[2001:db8::1]", port: 9000 }, "https://[2001:db8::1]:9000"],
])("The base URL of %j is %s", (options, baseUrl) => {
  expect(issuesOf(options)).toEqual([])
  expect(toBaseUrl(options)).toBe(baseUrl)
})

describe("invalid addresses", () => {
  test.each<[AddressOptions, string]>([
    [{}, "`url` or `host` is required"],
    [{ url: "https://a.example.com", host: "b.example.com" }, "Only one of"],
    [{ url: "svc-1.example.com" }, "must be of the form"],
    [{ url: "https://user:hunter2@db.example.com" }, "must be of the form"],
    [{ url: "https://db.example.com?x=hunter2" }, "must be of the form"],
    [{ url: "https://db.example.com/#hunter2" }, "must be of the form"],
    [{ url: "https://db.example.com:99999" }, "must be of the form"],
    [{ url: "https://db .example.com" }, "must be of the form"],
    [{ url: "ftp://db.example.com" }, "must be of the form"],
    [{ url: "http://db.example.com" }, "plain http to another machine"],
    [{ url: "http://127.0.0.1.example.com" }, "plain http to another machine"],
    [{ host: "https://db.example.com" }, "`host` must be"],
    [{ host: "db.example.com:9000" }, "`host` must be"],
    [{ host: "<host>" }, "`host` must be"],
    [{ host: "svc%" }, "`host` must be"],
    [{ host: "[1:2]" }, "`host` must be"],
    [{ host: "10.0.0.256" }, "`host` must be"],
    [{ host: "a|b" }, "`host` must be"],
    [{ url: "https://10.0.0.256" }, "`url` must be"],
    [{ url: "https://hunter2^.example.com" }, "`url` must be"],
    [{ host: "db.example.com/hunter2" }, "`host` must be"],
    [{ host: "db.example.com", port: Number.NaN }, "`port` must be"],
  ])("The address %j is reported without its value", (options, part) => {
    const issues = issuesOf(options).join()
    expect(issues).toContain(part)
    expect(issues).not.toContain("hunter2")
  })
})
