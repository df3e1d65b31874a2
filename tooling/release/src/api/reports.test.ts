import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { findEntries } from "./entries.ts"

const root = fileURLToPath(new URL("../../../../", import.meta.url))

test.each(findEntries(root))("Every public name has a doc comment: $folder, $name", ({ folder, name }) => {
  const report = readFileSync(`${root}packages/${folder}/api/${name}.api.md`, "utf8")
  const names = [...report.matchAll(/^\/\/ @public \(undocumented\)\n(.*)$/gm)].map(([, line]) => line)
  expect(names).toEqual([])
  expect(report).toContain("// @public")
})
