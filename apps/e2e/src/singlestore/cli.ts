import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { runSinglestore } from "./singlestore.ts"

const bundle = createRequire(import.meta.url).resolve("@singlesink/jitsu/bundle")
const stopping = new AbortController()
// Only the first signal is handled: a second one ends the process at once.
process.once("SIGINT", () =>
  stopping.abort(new Error("Stopped. The current step is finished, and its tables are dropped.")),
)

process.exitCode = await runSinglestore({
  args: process.argv.slice(2),
  env: process.env,
  print: line => console.log(line),
  printError: line => console.error(line),
  readJitsuBundle: () => readFile(bundle, "utf8"),
  stop: stopping.signal,
})
