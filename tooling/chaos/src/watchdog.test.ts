import { expect, test } from "vitest"
import { createWatchdog } from "./watchdog.ts"

test("A watchdog expires after the longest time without progress, reports it once, and stays expired", () => {
  let [now, count, reports] = [0, 0, 0]
  const watchdog = createWatchdog(
    () => count,
    100,
    () => reports++,
    () => now,
  )
  const checkAt = (ms: number) => {
    now = ms
    watchdog.check()
    return [watchdog.isExpired, reports]
  }
  expect(checkAt(90)).toEqual([false, 0])
  count++
  expect(checkAt(110)).toEqual([false, 0])
  expect(checkAt(210)).toEqual([false, 0])
  expect(checkAt(211)).toEqual([true, 1])
  count++
  expect(checkAt(500)).toEqual([true, 1])
})
