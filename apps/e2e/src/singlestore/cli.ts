import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { runSinglestore } from "./singlestore.ts"

const bundle = createRequire(import.meta.url).resolve("@singlesink/jitsu/bundle")
const stopping = new AbortController()
// Once: who asks a second time does not want to wait.
process.once("SIGINT", () =>
  stopping.abort(new Error("Stopped; what was under way is finished, and its tables are dropped.")),
)

process.exitCode = await runSinglestore({
  args: process.argv.slice(2),
  env: process.env,
  print: line => console.log(line),
  printError: line => console.error(line),
  readJitsuBundle: () => readFile(bundle, "utf8"),
  stop: stopping.signal,
})
