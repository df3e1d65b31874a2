import { expect, test } from "vitest"
import { toBase64, toCredentials } from "./credentials.ts"

test.each(["", "a", "ab", "abc", "root:", "ü:pässwörd", "用户:密码😀", "\0\n\x7f", "half \ud800 pair"])(
  "Base64 of %j is Node's",
  text => {
    expect(toBase64(text)).toBe(Buffer.from(text).toString("base64"))
  },
)

async function headerOf(...args: Parameters<typeof toCredentials>) {
  return (await toCredentials(...args).authorize()).header
}

test("user and password become Basic, a token becomes Bearer", async () => {
  const mistakes: string[] = []
  const basic = await headerOf({ username: "Aladdin", password: "open sesame" }, mistakes)
  expect(basic).toBe("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
  expect(await headerOf({ token: "abc.def.ghi" }, mistakes)).toBe("Bearer abc.def.ghi")
  expect(await headerOf({ username: "root", password: "" }, mistakes)).toBe("Basic cm9vdDo=")
  expect(mistakes).toEqual([])
})

test("a function is asked for its token each time", async () => {
  const tokens = ["first", "second"]
  const credentials = toCredentials({ token: async () => tokens.shift() ?? "" }, [])
  expect(await credentials.authorize()).toEqual({
    header: "Bearer first",
    secrets: expect.arrayContaining(["first"]),
  })
  expect(await credentials.authorize()).toMatchObject({ header: "Bearer second" })
  await expect(credentials.authorize()).rejects.toThrow(TypeError)
})

test.each<[object, string[]]>([
  [{}, ["username is missing", "password is missing"]],
  [{ username: "a:b", password: "p" }, ["has a colon"]],
  [{ token: "a", username: "u" }, ["both given"]],
  [{ token: "hunter2\r\nx: y" }, ["token is not"]],
])("mistakes in %j are told without the value", (options, parts) => {
  const mistakes: string[] = []
  toCredentials(options, mistakes)
  for (const part of parts) expect(mistakes.join()).toContain(part)
  expect(mistakes.join()).not.toContain("hunter2")
})
