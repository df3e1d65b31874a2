import { expect, test } from "vitest"
import { toAuthorization, toBase64 } from "./authorization.ts"

test.each(["", "a", "ab", "abc", "root:", "ü:pässwörd", "用户:密码😀", "\0\n\x7f", "half \ud800 pair"])(
  "Base64 of %j is Node's",
  text => {
    expect(toBase64(text)).toBe(Buffer.from(text).toString("base64"))
  },
)

test("user and password become Basic, a token becomes Bearer", () => {
  const mistakes: string[] = []
  expect(toAuthorization({ username: "Aladdin", password: "open sesame" }, mistakes)).toBe(
    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
  )
  expect(toAuthorization({ token: "abc.def.ghi" }, mistakes)).toBe("Bearer abc.def.ghi")
  expect(toAuthorization({ username: "root", password: "" }, mistakes)).toBe("Basic cm9vdDo=")
  expect(mistakes).toEqual([])
})

test.each<[object, string[]]>([
  [{}, ["username is missing", "password is missing"]],
  [{ username: "a:b", password: "p" }, ["has a colon"]],
  [{ token: "a", username: "u" }, ["both given"]],
  [{ token: "hunter2\r\nx: y" }, ["token is not"]],
])("mistakes in %j are told without the value", (options, parts) => {
  const mistakes: string[] = []
  toAuthorization(options, mistakes)
  for (const part of parts) expect(mistakes.join()).toContain(part)
  expect(mistakes.join()).not.toContain("hunter2")
})
