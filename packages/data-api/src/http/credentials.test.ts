import { expect, test } from "vitest"
import { type CredentialOptions, checkCredentials, toBase64, toCredentials } from "./credentials.ts"
import { toRenewableCredentials } from "./token-function.ts"

test.each(["", "a", "ab", "abc", "root:", "ü:pässwörd", "用户:密码😀", "\0\n\x7f", "half \ud800 pair"])(
  "toBase64 encodes %j like Node's Buffer",
  text => {
    expect(toBase64(text)).toBe(Buffer.from(text).toString("base64"))
  },
)

async function headerOf(options: CredentialOptions) {
  expect(checkCredentials(options, undefined)).toEqual([])
  const authorization = await toCredentials(options, undefined).authorize(1_000)
  return "header" in authorization ? authorization.header : authorization.code
}

test("A username and a password become a Basic header, and a token becomes a Bearer header", async () => {
  const basic = await headerOf({ username: "Aladdin", password: "open sesame" })
  expect(basic).toBe("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
  expect(await headerOf({ token: "abc.def.ghi" })).toBe("Bearer abc.def.ghi")
  expect(await headerOf({ username: "root", password: "" })).toBe("Basic cm9vdDo=")
})

test("A token function is an issue if it is not supported", () => {
  const token = async () => "t"
  expect(checkCredentials({ token }, undefined)).toEqual([expect.objectContaining({ path: "token" })])
  expect(checkCredentials({ token }, toRenewableCredentials)).toEqual([])
})

test.each<[object, string[]]>([
  [{}, ["`username` or `token` is required", "`password` or `token` is required"]],
  [{ username: "a:b", password: "p" }, ["without a colon"]],
  [{ token: "a", username: "u" }, ["Only one of"]],
  [{ token: "hunter2\r\nx: y" }, ["`token` must be"]],
])("The credentials %j are reported without their values", (options, parts) => {
  const issues = checkCredentials(options, undefined).map(({ message }) => message)
  for (const part of parts) expect(issues.join()).toContain(part)
  expect(issues.join()).not.toContain("hunter2")
})
