import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { runDemo } from "./demo.ts"

const bundle = createRequire(import.meta.url).resolve("@singlesink/jitsu/bundle")

process.exitCode = await runDemo({
  args: process.argv.slice(2),
  env: process.env,
  print: line => console.log(line),
  printError: line => console.error(line),
  readJitsuBundle: () => readFile(bundle, "utf8"),
  untilStopped: () =>
    new Promise(resolve => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve)
    }),
})
