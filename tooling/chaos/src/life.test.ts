import { expect, test } from "vitest"
import { createBacklog } from "./backlog.ts"
import { startLife } from "./life.ts"
import type { WriterOptions } from "./messages.ts"
import { died, dies, hangs, writeScript } from "./testing/script.ts"

function start(script: string) {
  const backlog = createBacklog()
  const complaints: string[] = []
  const complain = (sentence: string) => void complaints.push(sentence)
  const life = startLife({} as WriterOptions, { backlog, complain, script, patienceMs: 500 })
  return { life, backlog, complaints }
}

test("a life that keeps its promises gives no reason to complain", async () => {
  const { life, backlog, complaints } = start(await writeScript())
  life.feed("write", backlog.take(3))
  expect(await life.memoryBytes()).toBe(1_000_000)
  expect([life.settled, life.isUp]).toEqual([3, true])
  await life.close(0)
  expect([life.isUp, complaints]).toEqual([false, []])
})

test("nor does a life that is killed", async () => {
  const { life, complaints } = start(await writeScript())
  await life.kill()
  expect([life.isUp, complaints]).toEqual([false, []])
})

test("a life that ends when it is asked for its memory is told, and nobody waits for it", async () => {
  const { life, backlog, complaints } = start(await writeScript({ write: hangs, memory: dies }))
  life.feed("write", backlog.take(3))
  expect(await life.memoryBytes()).toBeUndefined()
  expect([life.isUp, backlog.underWay, complaints]).toEqual([false, 0, [died]])
  expect(await life.memoryBytes()).toBeUndefined()
  await life.close(0)
  await life.kill()
  expect(complaints).toEqual([died])
})

test("a life that does not answer is told", async () => {
  const { life, complaints } = start(await writeScript({ memory: hangs }))
  expect(await life.memoryBytes()).toBeUndefined()
  expect(complaints).toEqual(["for 500 ms the writer does not say how much memory it uses"])
  await life.kill()
})

test("a life that ends without a word when it is to close is told", async () => {
  const { life, complaints } = start(await writeScript({ close: dies }))
  await life.close(0)
  expect(complaints).toEqual([died])
})

test("a life that does not close is told, and killed in the end", async () => {
  const { life, complaints } = start(await writeScript({ close: hangs }))
  await life.close(100)
  expect(complaints).toEqual(["500 ms after the deadline of close the writer is still up"])
  expect(life.isUp).toBe(false)
})
