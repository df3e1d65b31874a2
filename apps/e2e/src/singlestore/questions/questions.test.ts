import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { emulatorReadme } from "../question.ts"

const root = fileURLToPath(new URL("../../../../..", import.meta.url))
const folder = fileURLToPath(new URL(".", import.meta.url))

const paths = new Set([
  emulatorReadme,
  ...readdirSync(folder)
    .filter(name => !name.endsWith(".test.ts"))
    .flatMap(name => readFileSync(join(folder, name), "utf8").match(/\bpackages\/[\w./-]*\w/g) ?? []),
])

test("Every path that a question names exists", () => {
  expect(paths.size).toBeGreaterThan(5)
  expect([...paths].filter(path => !existsSync(join(root, path)))).toEqual([])
})
