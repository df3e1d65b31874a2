import { readFile } from "node:fs/promises"
import type { BatchReason, ObserverEvent, Stats } from "@singlesink/core"
import { describe, expect, test } from "vitest"
import { namesIn, page, tableOf } from "./page.ts"

type MembersOf<Type> = Exclude<keyof Extract<ObserverEvent, { type: Type }>, "type">

// The types keep these lists complete: an addition to core must be added here, and then to the page.
const members: { [Type in ObserverEvent["type"]]: Record<MembersOf<Type>, true> } = {
  batch: { reason: true, rows: true, bytes: true },
  request: {
    ...{ attempt: true, rows: true, bytes: true, milliseconds: true },
    ...{ duplicates: true, code: true, ambiguous: true },
  },
  retry: { attempt: true, delayMs: true, code: true },
  violation: { paths: true },
  split: { rows: true, bytes: true, code: true },
  reduced_limit: { maxBytes: true },
  breaker: { state: true, code: true },
}
const reasons: Record<BatchReason, true> = {
  ...{ rows: true, bytes: true, idle: true, linger: true, write_batch: true, flush: true },
}
const counts: Record<keyof Stats, true> = {
  ...{
    received: true,
    stored: true,
    duplicates: true,
    nulledValues: true,
    violations: true,
    rejected: true,
    failed: true,
    pending: true,
  },
  ...{ requests: true, rows: true, bytes: true, retries: true, splits: true, ambiguous: true },
  ...{ queuedRows: true, queuedBytes: true },
}

describe("docs/observing.md", () => {
  test("docs/observing.md explains each count of stats()", () => {
    expect(tableOf("member").flatMap(([name]) => namesIn(name))).toEqual(Object.keys(counts))
  })

  test("docs/observing.md lists each event that observe receives, with its members", () => {
    const listed = tableOf("`type`").map(([type, , names]) => [namesIn(type)[0], namesIn(names)])
    expect(listed).toEqual(Object.entries(members).map(([type, names]) => [type, Object.keys(names)]))
  })

  test("docs/observing.md names each reason to cut a batch", () => {
    const sentence = /^- `reason` (.*?)\n- /ms.exec(page)?.[1]?.split(" Mostly ")[0]
    expect(namesIn(sentence)).toEqual(Object.keys(reasons))
  })

  test("examples/opentelemetry has the tested function", async () => {
    const example = new URL("../../../../examples/opentelemetry/src/opentelemetry.ts", import.meta.url)
    const tested = await readFile(new URL("opentelemetry.ts", import.meta.url), "utf8")
    expect(await readFile(example, "utf8")).toBe(tested)
  })
})
