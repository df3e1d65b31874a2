import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Readable } from "node:stream"
import { describe, expect, test } from "vitest"
import type { Terminal } from "../terminal.ts"
import { createFolder } from "../testing/folder.ts"
import { type Flags, readSettings } from "./settings.ts"

const complete = {
  SINGLESTORE_URL: "https://db.example.com",
  SINGLESTORE_USERNAME: "sink",
  SINGLESTORE_PASSWORD: "hunter2",
  SINGLESTORE_DATABASE: "events",
}

const read = (flags: Flags, env: Record<string, string> = complete, stdin = "") =>
  readSettings(flags, { env, stdin: Readable.from([Buffer.from(stdin)]) } as unknown as Terminal)

describe("readSettings", () => {
  test("A flag wins over a variable, and the rest has its default", async () => {
    expect(
      await read({ database: "other", port: "1" }, { ...complete, SINGLESTORE_TABLE: "t" }),
    ).toMatchObject({
      server: {
        address: { url: "https://db.example.com", allowInsecure: false },
        credentials: { username: "sink", password: "hunter2" },
      },
      database: "other",
      table: "t",
      deduplicate: true,
      timeoutMs: 30_000,
    })
    expect(await read({ host: "h", port: "8443" })).toMatchObject({
      server: { address: { host: "h", port: 8443 } },
    })
  })

  test("Variables of the process win over those of the file", async () => {
    const file = join(createFolder(), "settings.env")
    writeFileSync(file, 'SINGLESTORE_TABLE="from file"\nSINGLESTORE_DATABASE=from_file\n')
    expect(await read({ envFile: file })).toMatchObject({ table: "from file", database: "events" })
  })

  test("The password comes from a file or stdin without the line break at its end", async () => {
    const file = join(createFolder(), "password")
    writeFileSync(file, "secret \n")
    const { SINGLESTORE_PASSWORD: _, ...env } = complete
    const passwordOf = async (flags: Flags, stdin?: string) =>
      (await read(flags, env, stdin)).server?.credentials
    expect(await passwordOf({ passwordFile: file })).toMatchObject({ password: "secret " })
    expect(await passwordOf({ passwordStdin: true }, "piped\r\n")).toMatchObject({ password: "piped" })
    expect((await read({}, { ...env, SINGLESTORE_PASSWORD_FILE: file })).server?.credentials).toMatchObject({
      password: "secret ",
    })
  })

  test("An empty password is a password, and a token replaces both", async () => {
    expect((await read({}, { ...complete, SINGLESTORE_PASSWORD: "" })).server?.credentials).toEqual({
      username: "sink",
      password: "",
    })
    const { SINGLESTORE_USERNAME: _, SINGLESTORE_PASSWORD: __, ...env } = complete
    expect((await read({}, { ...env, SINGLESTORE_TOKEN: "jwt" })).server?.credentials).toEqual({
      token: "jwt",
    })
  })

  test("All mistakes are reported at once, without values", async () => {
    const env = { SINGLESTORE_URL: "hunter2", SINGLESTORE_DEDUPLICATE: "hunter2" }
    const message = await read({ timeout: "x", port: "70000" }, env).catch((error: Error) => error.message)
    expect(message).toContain("The settings are incomplete or wrong:")
    expect(message).toContain(
      "--url (SINGLESTORE_URL) must be a URL such as https://svc-1.svc.singlestore.com.",
    )
    expect(message).toContain("--port (SINGLESTORE_PORT) must be a port.")
    expect(message).toContain("--timeout (SINGLESTORE_TIMEOUT) must be a number of seconds.")
    expect(message).toContain("SINGLESTORE_DEDUPLICATE must be true or false.")
    expect(message).toContain("--database (SINGLESTORE_DATABASE) is missing.")
    expect(message).not.toContain("hunter2")
  })

  test("Nothing is needed for the emulator, or for a command that is offline", async () => {
    expect(await read({ emulator: "e.db" }, {})).toMatchObject({
      emulator: "e.db",
      database: "events",
      server: undefined,
    })
    expect(await readSettings({}, { env: {} } as Terminal, { isOffline: true })).toMatchObject({
      server: undefined,
    })
  })

  test.each<[Flags, RegExp]>([
    [{ envFile: "/nowhere/.env" }, /\/nowhere\/\.env cannot be read \(ENOENT\)\. Correct --env-file\./],
    [{ passwordFile: "/nowhere/p" }, /\/nowhere\/p of --password-file cannot be read \(ENOENT\)/],
    [{ ca: "/nowhere/ca" }, /\/nowhere\/ca of --ca cannot be read/],
    [{ columns: "/nowhere/c" }, /\/nowhere\/c of --columns cannot be read/],
  ])("A file that cannot be read is named with its flag: %o", async (flags, message) => {
    const { SINGLESTORE_PASSWORD: _, ...env } = complete
    await expect(read(flags, flags.passwordFile === undefined ? complete : env)).rejects.toThrow(message)
  })
})
