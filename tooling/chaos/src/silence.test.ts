import { expect, test } from "vitest"
import { createSilence } from "./silence.ts"

test("silence is there after so long without a change, is told once, and stays", () => {
  let [now, count, told] = [0, 0, 0]
  const silence = createSilence(
    () => count,
    100,
    () => told++,
    () => now,
  )
  const listenAt = (ms: number) => {
    now = ms
    silence.listen()
    return [silence.isThere, told]
  }
  expect(listenAt(90)).toEqual([false, 0])
  count++
  expect(listenAt(110)).toEqual([false, 0])
  expect(listenAt(210)).toEqual([false, 0])
  expect(listenAt(211)).toEqual([true, 1])
  count++
  expect(listenAt(500)).toEqual([true, 1])
})
