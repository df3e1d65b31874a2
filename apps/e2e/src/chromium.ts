import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"

const usualPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** The path of an installed Chromium; undefined without one. The variable CHROMIUM_PATH comes first. */
function findChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH ?? "", ...usualPaths].find(existsSync)
}

/** Starts Chromium. Without one it prints how to install it, and returns undefined. */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = findChromium()
  if (executablePath !== undefined) return chromium.launch({ executablePath, args })
  console.log("skipped: no Chromium was found. Install it (apt-get install chromium) or set CHROMIUM_PATH.")
  return undefined
}
