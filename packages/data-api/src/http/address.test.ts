import { describe, expect, test } from "vitest"
import { type AddressOptions, toBaseUrl } from "./address.ts"

function mistakesIn(options: AddressOptions): string[] {
  const mistakes: string[] = []
  toBaseUrl(options, mistakes)
  return mistakes
}

test.each<[AddressOptions, string]>([
  [{ url: "https://svc-1.example.com" }, "https://svc-1.example.com"],
  [{ url: "https://svc-1.example.com/" }, "https://svc-1.example.com"],
  [{ url: "https://svc-1.example.com:8443/base/path//" }, "https://svc-1.example.com:8443/base/path"],
  [{ url: "HTTPS://Example.com" }, "HTTPS://Example.com"],
  [{ url: "http://localhost:9000" }, "http://localhost:9000"],
  [{ url: "http://127.0.0.1:9000" }, "http://127.0.0.1:9000"],
  [{ url: "http://[::1]:9000" }, "http://[::1]:9000"],
  [{ url: "https://[2001:db8::1]" }, "https://[2001:db8::1]"],
  [{ url: "http://db.internal:9000", allowInsecure: true }, "http://db.internal:9000"],
  [{ host: "svc-1.example.com" }, "https://svc-1.example.com:443"],
  [{ host: "[2001:db8::1]", port: 9000 }, "https://[2001:db8::1]:9000"],
])("%j is %s", (options, baseUrl) => {
  const mistakes: string[] = []
  expect(toBaseUrl(options, mistakes)).toBe(baseUrl)
  expect(mistakes).toEqual([])
})

describe("a mistake is told without the value", () => {
  test.each<[AddressOptions, string]>([
    [{}, "url is missing"],
    [{ url: "https://a.example.com", host: "b.example.com" }, "both given"],
    [{ url: "svc-1.example.com" }, "not of the form"],
    [{ url: "https://user:hunter2@db.example.com" }, "not of the form"],
    [{ url: "https://db.example.com?x=hunter2" }, "not of the form"],
    [{ url: "https://db.example.com/#hunter2" }, "not of the form"],
    [{ url: "https://db.example.com:99999" }, "port of url"],
    [{ url: "https://db .example.com" }, "not of the form"],
    [{ url: "ftp://db.example.com" }, "neither http nor https"],
    [{ url: "http://db.example.com" }, "plain http"],
    [{ url: "http://127.0.0.1.example.com" }, "plain http"],
    [{ host: "https://db.example.com" }, "host is not"],
    [{ host: "db.example.com:9000" }, "host is not"],
    [{ host: "db.example.com/hunter2" }, "host is not"],
    [{ host: "db.example.com", port: Number.NaN }, "port is not"],
  ])("%j", (options, part) => {
    const mistakes = mistakesIn(options).join()
    expect(mistakes).toContain(part)
    expect(mistakes).not.toContain("hunter2")
  })
})
