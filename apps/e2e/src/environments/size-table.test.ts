import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { root } from "../program.ts"
import { compareTable, writeTable } from "./size-table.ts"

const page = readFileSync(join(root, "docs/sizes.md"), "utf8")
const size = { name: "@singlesink/core", dependencies: 3, tarball: 42_100, installed: 1_500_000 }

describe("table of install sizes", () => {
  test("A table that was written with the sizes agrees with them", () => {
    expect(compareTable(writeTable(page, [size]), [size])).toEqual([])
  })

  test.each([{ dependencies: 4 }, { tarball: 60_000 }, { installed: 1_200_000 }])(
    "Another number is a difference: %o",
    change => {
      expect(compareTable(writeTable(page, [size]), [{ ...size, ...change }])).toHaveLength(1)
    },
  )

  test("A dependency of a package without dependencies is a difference", () => {
    const before = writeTable(page, [{ ...size, dependencies: 0 }])
    expect(compareTable(before, [{ ...size, dependencies: 1 }])).toHaveLength(1)
    expect(compareTable(writeTable(page, [size]), [{ ...size, dependencies: 0 }])).toHaveLength(1)
  })

  test("docs/sizes.md has a row for each published package, and 0 for those without dependencies", () => {
    for (const folder of readdirSync(join(root, "packages"))) {
      const { name, dependencies } = JSON.parse(
        readFileSync(join(root, "packages", folder, "package.json"), "utf8"),
      )
      const row = page.match(new RegExp(`^\\| ${name} \\| (\\d+) \\|`, "m"))
      expect(row?.[1] === "0", name).toBe(dependencies === undefined)
    }
  })
})
