import { parseArgs } from "node:util"
import { launchChromium } from "../chromium.ts"
import {
  type Check,
  checkAccessibility,
  checkFirstEvents,
  checkKeyboard,
  checkLoad,
  checkRestart,
  takeScreenshot,
} from "./checks.ts"
import { startLiveReceiver } from "./receiver.ts"

const { values } = parseArgs({ options: { screenshot: { type: "string" } } })

const checks: [string, Check][] = [
  ["the first events, with a problem and a violation", checkFirstEvents],
  ["the keyboard filters, opens an event and pauses", checkKeyboard],
  ["WCAG 2.2 AA in both color schemes, on wide and narrow screens", checkAccessibility],
  ["the page continues after a restart of the receiver", checkRestart],
  ["the page draws while events pour in", checkLoad],
]

const browser = await launchChromium()
if (browser !== undefined) {
  const receiver = await startLiveReceiver()
  if (values.screenshot !== undefined) {
    await takeScreenshot(browser, receiver, values.screenshot)
  } else {
    for (const [name, check] of checks) {
      const start = performance.now()
      try {
        const result = await check(browser, receiver)
        console.log(`ok ${((performance.now() - start) / 1_000).toFixed(1).padStart(5)} s  ${name}${result}`)
      } catch (error) {
        console.error(`FAILED  ${name}: ${(error as Error).message}`)
        process.exitCode = 1
      }
    }
  }
  await browser.close()
  await receiver.close()
}
