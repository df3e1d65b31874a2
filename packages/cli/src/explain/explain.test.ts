import { expect, test } from "vitest"
import type { BrokenCode } from "../input/record.ts"
import { runCommand } from "../testing/terminal.ts"
import { readChapters } from "./chapters.ts"

test("explain prints the chapter of a code, also in the brackets of a message", async () => {
  for (const code of ["unknown_table", "[unknown_table]"]) {
    const { exitCode, stdout } = await runCommand(["explain", code])
    expect(stdout).toMatch(/^unknown_table \(ConfigError\)\n\nThe table does not exist\./)
    expect(exitCode).toBe(0)
  }
})

test("explain lists all codes without an argument, and as JSON", async () => {
  const { stdout } = await runCommand(["explain"])
  const codes = stdout
    .trim()
    .split("\n")
    .map(line => line.split(" ")[0])
  expect(codes).toEqual(readChapters().map(({ code }) => code))
  expect(codes).toContain("schema_violation")
  expect(JSON.parse((await runCommand(["explain", "timeout", "--json"])).stdout)).toMatchObject({
    code: "timeout",
  })
})

test("Every code of a broken record has a chapter", () => {
  const codes: readonly BrokenCode[] = [
    "broken_record",
    "line_too_long",
    "wrong_encoding",
    "truncated_file",
    "unreadable_file",
  ]
  const chapters = readChapters().filter(({ group }) => group === "Files")
  expect(chapters.map(({ code }) => code)).toEqual(codes)
})

test("explain suggests similar codes for one that does not exist", async () => {
  const { exitCode, stderr } = await runCommand(["explain", "unknown_tabel"])
  expect(stderr).toMatch(/There is no error code unknown_tabel\. Did you mean .*unknown_table/)
  expect(exitCode).toBe(2)
})
