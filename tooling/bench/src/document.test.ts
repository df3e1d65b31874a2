import { expect, test } from "vitest"
import { core } from "./benches/core.ts"
import { dataApi } from "./benches/data-api.ts"
import { jitsu } from "./benches/jitsu.ts"
import { toDocument } from "./document.ts"

test("each bench has its title, its chart, what it found, and how to read that", () => {
  const facts = [{ name: "requests", value: "67" }]
  const findings = [core, dataApi, jitsu].map(bench => ({ bench, comparisons: [], facts }))
  const document = toDocument(findings, { node: "v20.20.2", cpus: 2 })
  const [, , ...sections] = document.split("\n## ")
  expect(sections.map(section => section.split("\n")[0])).toEqual([
    core.title,
    dataApi.title,
    jitsu.title,
    "How to run it",
  ])
  for (const [index, { name, notes }] of [core, dataApi, jitsu].entries()) {
    expect(sections[index]).toContain(`(${name}.svg)`)
    expect(sections[index]).toContain("| requests | 67")
    expect(sections[index]).toContain(notes)
  }
})
