import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { findObstacles, type PackageManifest } from "./readiness.ts"

const root = { repository: "https://github.com/owner/singlesink" }
const clean = { changes: "", changesets: [] }
const manifest: PackageManifest = {
  name: "@singlesink/core",
  version: "1.0.0",
  description: "It does something.",
  license: "MIT",
  keywords: ["singlestore"],
  files: ["dist"],
  engines: { node: ">=18" },
  sideEffects: false,
}

test("A release with everything in place has no obstacle", () => {
  expect(findObstacles(root, [manifest], clean)).toEqual([])
})

test.each([undefined, "", "owner/singlesink", "https://github.com/owner/singlesink.git", 1])(
  "A release with the repository %j is refused",
  repository => {
    const [obstacle] = findObstacles({ repository }, [manifest], clean)
    expect(obstacle).toMatch(/^`repository` is missing in package.json. Set it to/)
  },
)

test.each([
  [{ version: "0.0.0" }, "has the version 0.0.0"],
  [{ description: "" }, "has no `description`"],
  [{ license: undefined }, "has no `license`"],
  [{ keywords: [] }, "has no `keywords`"],
  [{ files: ["src"] }, "has no `dist` in `files`"],
  [{ engines: {} }, "has no `engines.node`"],
  [{ sideEffects: true }, "must have `sideEffects: false`"],
  [{ scripts: { postinstall: "x" } }, "has the script `postinstall`"],
] as const)("A package with %j is refused", (differences, part) => {
  const obstacles = findObstacles(root, [{ ...manifest, ...differences }], clean)
  expect(obstacles).toEqual([expect.stringContaining(part)])
})

test("A release of uncommitted changes or without a new version is refused", () => {
  expect(findObstacles(root, [], { changes: " M x", changesets: ["a", "b"] })).toEqual([
    "The working tree has changes. Commit them first.",
    "2 changesets are in no version. Run `pnpm changeset version`, and commit.",
  ])
})

test("The packages of this repository lack a version and nothing else", () => {
  const folder = new URL("../../../packages/", import.meta.url)
  const packages = readdirSync(folder).map(
    name => JSON.parse(readFileSync(new URL(`${name}/package.json`, folder), "utf8")) as PackageManifest,
  )
  const versioned = packages.map(found => ({ ...found, version: "1.0.0" }))
  expect(findObstacles(root, versioned, clean)).toEqual([])
})
