import { expect, test } from "vitest"
import { createBacklog } from "./backlog.ts"
import type { WriterOptions } from "./messages.ts"
import { died, dies, hangs, writeScript } from "./testing/script.ts"
import { startWriterProcess } from "./writer-process.ts"

function start(script: string) {
  const backlog = createBacklog()
  const violations: string[] = []
  const report = (sentence: string) => void violations.push(sentence)
  const writer = startWriterProcess({} as WriterOptions, { backlog, report, script, timeoutMs: 500 })
  return { writer, backlog, violations }
}

test("A correct writer causes no violation", async () => {
  const { writer, backlog, violations } = start(await writeScript())
  writer.feed("write", backlog.take(3))
  expect(await writer.memoryBytes()).toBe(1_000_000)
  expect([writer.settled, writer.isUp]).toEqual([3, true])
  await writer.close(0)
  expect([writer.isUp, violations]).toEqual([false, []])
})

test("A killed writer causes no violation", async () => {
  const { writer, violations } = start(await writeScript())
  await writer.kill()
  expect([writer.isUp, violations]).toEqual([false, []])
})

test("A writer that exits during a memory request is reported once, and later calls resolve", async () => {
  const { writer, backlog, violations } = start(await writeScript({ write: hangs, memory: dies }))
  writer.feed("write", backlog.take(3))
  expect(await writer.memoryBytes()).toBeUndefined()
  expect([writer.isUp, backlog.underWay, violations]).toEqual([false, 0, [died]])
  expect(await writer.memoryBytes()).toBeUndefined()
  await writer.close(0)
  await writer.kill()
  expect(violations).toEqual([died])
})

test("A writer that does not answer a memory request is reported", async () => {
  const { writer, violations } = start(await writeScript({ memory: hangs }))
  expect(await writer.memoryBytes()).toBeUndefined()
  expect(violations).toEqual(["the writer did not report its memory within 500 ms"])
  await writer.kill()
})

test("A writer that exits without an answer to close is reported", async () => {
  const { writer, violations } = start(await writeScript({ close: dies }))
  await writer.close(0)
  expect(violations).toEqual([died])
})

test("A writer that does not close is reported and killed", async () => {
  const { writer, violations } = start(await writeScript({ close: hangs }))
  await writer.close(100)
  expect(violations).toEqual(["the writer did not exit within 500 ms after the deadline of close"])
  expect(writer.isUp).toBe(false)
})
