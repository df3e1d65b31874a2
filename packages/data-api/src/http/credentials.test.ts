import { expect, test } from "vitest"
import { type CredentialOptions, checkCredentials, toBase64, toCredentials } from "./credentials.ts"

test.each(["", "a", "ab", "abc", "root:", "ü:pässwörd", "用户:密码😀", "\0\n\x7f", "half \ud800 pair"])(
  "toBase64 encodes %j like Node's Buffer",
  text => {
    expect(toBase64(text)).toBe(Buffer.from(text).toString("base64"))
  },
)

async function headerOf(options: CredentialOptions) {
  expect(checkCredentials(options)).toEqual([])
  return (await toCredentials(options).authorize()).header
}

test("A username and a password become a Basic header, and a token becomes a Bearer header", async () => {
  const basic = await headerOf({ username: "Aladdin", password: "open sesame" })
  expect(basic).toBe("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
  expect(await headerOf({ token: "abc.def.ghi" })).toBe("Bearer abc.def.ghi")
  expect(await headerOf({ username: "root", password: "" })).toBe("Basic cm9vdDo=")
})

test("A token function is called for each authorization", async () => {
  const tokens = ["first", "second"]
  const credentials = toCredentials({ token: async () => tokens.shift() ?? "" })
  expect(await credentials.authorize()).toEqual({
    header: "Bearer first",
    secrets: expect.arrayContaining(["first"]),
  })
  expect(await credentials.authorize()).toMatchObject({ header: "Bearer second" })
  await expect(credentials.authorize()).rejects.toThrow(TypeError)
})

test.each<[object, string[]]>([
  [{}, ["`username` or `token` is required", "`password` or `token` is required"]],
  [{ username: "a:b", password: "p" }, ["without a colon"]],
  [{ token: "a", username: "u" }, ["Only one of"]],
  [{ token: "hunter2\r\nx: y" }, ["`token` must be"]],
])("The credentials %j are reported without their values", (options, parts) => {
  const issues = checkCredentials(options).map(({ message }) => message)
  for (const part of parts) expect(issues.join()).toContain(part)
  expect(issues.join()).not.toContain("hunter2")
})
