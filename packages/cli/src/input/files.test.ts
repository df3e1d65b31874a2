import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { createFolder } from "../testing/folder.ts"
import { findFiles } from "./files.ts"

test("A folder stands for the event files in it and below it, in order of their paths", () => {
  const folder = createFolder()
  // As Segment and RudderStack name the files of their archives.
  const names = [
    "segment-logs/src/1700000000000/a.gz",
    "rudder-logs/src/2026-11-26/b.json.gz",
    "c.ndjson",
    "d.csv.zst",
  ]
  for (const name of [...names, "readme.md", ".hidden.json", "e.png"]) {
    mkdirSync(join(folder, name, ".."), { recursive: true })
    writeFileSync(join(folder, name), "x")
  }
  expect(findFiles([folder]).map(({ path }) => path)).toEqual([
    join(folder, "c.ndjson"),
    join(folder, "d.csv.zst"),
    join(folder, "rudder-logs/src/2026-11-26/b.json.gz"),
    join(folder, "segment-logs/src/1700000000000/a.gz"),
  ])
})

test("A file that is named is read whatever its extension is", () => {
  const path = join(createFolder(), "events.txt")
  writeFileSync(path, "{}")
  expect(findFiles([path])).toEqual([{ path, size: 2 }])
})

test("All paths that cannot be read are reported at once", () => {
  const folder = createFolder()
  mkdirSync(join(folder, "empty"))
  expect(() => findFiles([join(folder, "a.json"), join(folder, "empty")])).toThrow(
    /a\.json does not exist\.\nThe folder .*empty contains no event files/,
  )
})

test("A file without content is an error, unless another file has events", () => {
  const folder = createFolder()
  const empty = join(folder, "a.ndjson")
  writeFileSync(empty, "")
  expect(() => findFiles([empty])).toThrow(/a\.ndjson is empty/)
  writeFileSync(join(folder, "b.ndjson"), "{}")
  expect(findFiles([folder])).toHaveLength(2)
})
