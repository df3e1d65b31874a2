import { expect, test } from "vitest"
import { hideSecrets } from "./secrets.ts"

const password = 'h2 "<ü>&/(x)'
const server = { url: "https://svc-1.example.com:443/path", username: "u", password, database: "d" }
const hide = (text: string) => hideSecrets(text, server)

test.each([
  ["in plain text", password],
  ["in JSON", '"h2 \\"<ü>&/(x)"'],
  ["in JSON with the escapes of Go", '"h2 \\"\\u003cü\\u003e\\u0026/(x)"'],
  ["in ASCII JSON", '"h2 \\"<\\u00fc>&/(x)"'],
  ["in a URL", "h2%20%22%3C%C3%BC%3E%26%2F(x)"],
  ["in a strictly encoded URL", "h2%20%22%3C%C3%BC%3E%26%2F%28x%29"],
  ["in a URL with lower-case escapes", "h2%20%22%3c%c3%bc%3e%26%2f(x)"],
  ["in a URL with minimal escapes", "h2%20%22%3C%C3%BC%3E&/(x)"],
  ["in a form", "h2+%22%3C%C3%BC%3E%26%2F%28x%29"],
  ["as Basic credentials", Buffer.from(`u:${password}`).toString("base64")],
  ["as Basic credentials in Latin-1", Buffer.from(`u:${password}`, "latin1").toString("base64")],
  [
    "as Basic credentials without padding",
    Buffer.from(`u:${password}`).toString("base64").replace(/=+$/, ""),
  ],
  ["after the user name in a URL", `u%3Ah2%20%22%3C%C3%BC%3E%26%2F(x)`],
])("The password %s is hidden", (_, written) => {
  const shown = hide(`before ${written} after`)
  expect(shown).toMatch(/^before "?…+"? after$/)
})

test("The server's host is hidden with its port and in any letter case, but longer names are kept", () => {
  expect(hide("cannot reach SVC-1.example.com:3306, nor svc-1.example.com.")).toBe("cannot reach …, nor ….")
  expect(hide("not-svc-1.example.com svc-1.example.com-2")).toBe("not-svc-1.example.com svc-1.example.com-2")
  expect(hideSecrets("dial [fd00::1]:3306", { ...server, url: "http://[fd00::1]:9000" })).toBe(
    "dial […]:3306",
  )
})

test("An empty password and an invalid address hide nothing", () => {
  expect(hideSecrets("just text", { ...server, url: "", password: "" })).toBe("just text")
})
