import { startEmulator } from "@singlesink/emulator"
import { expect, test } from "vitest"
import { runCommand } from "../testing/terminal.ts"
import { purposes } from "./purposes.ts"

const grants = async (...args: string[]) => {
  const { exitCode, stdout } = await runCommand(["sql", "grants", "--json", ...args])
  return { exitCode, ...(JSON.parse(stdout) as { statements: string[]; notes: string[] }) }
}

test("A user who writes gets INSERT on the table, and nothing else", async () => {
  const { exitCode, statements } = await grants("--user", "o'neil", "--host", "10.0.0.%", "--table", "a`b")
  expect(exitCode).toBe(0)
  expect(statements).toEqual(["GRANT INSERT ON `events`.`a``b` TO 'o''neil'@'10.0.0.%'"])
})

test.each(purposes)("The grants for %s are one statement with a note about their purpose", async purpose => {
  const { statements, notes } = await grants("--for", purpose, "--database", "shop")
  expect(statements).toHaveLength(1)
  expect(statements[0]).toMatch(/^GRANT [A-Z, ]+ ON `shop`\.(\*|`segment_data`) TO 'singlesink'@'%'$/)
  expect(notes[0]).toMatch(/^The least rights/)
})

test("INSERT is enough for check, and SELECT, CREATE VIEW and DROP VIEW are enough for views", async () => {
  for (const [purpose, args] of [
    ["write", ["check"]],
    ["views", ["sql", "views", "--apply", "--yes"]],
  ] as const) {
    const { statements } = await grants("--for", purpose)
    const [, list = ""] = /^GRANT (.*) ON/.exec(statements[0] ?? "") ?? []
    await using emulator = await startEmulator({ grants: list.split(", ") as never })
    await emulator.exec(
      (await runCommand(["sql", "table", "--json"]).then(r => JSON.parse(r.stdout))).statements[0],
    )
    const { exitCode } = await runCommand(args, {
      env: {
        SINGLESTORE_URL: emulator.url,
        SINGLESTORE_USERNAME: "root",
        SINGLESTORE_PASSWORD: "",
        SINGLESTORE_DATABASE: "events",
      },
    })
    expect(exitCode).toBe(0)
  }
})

test("An unknown purpose is refused with the known ones", async () => {
  const { exitCode, stderr } = await runCommand(["sql", "grants", "--for", "all"])
  expect(exitCode).toBe(2)
  expect(stderr).toContain("Allowed choices are write, query, views, migrate, pipeline")
})
