#!/usr/bin/env node
import { exitCodes } from "./exit.ts"
import { run } from "./run.ts"

const signals = ["SIGINT", "SIGTERM"] as const

/** The first signal calls `stop`, the second one ends the process. */
function onInterrupt(stop: () => void): () => void {
  let isStopping = false
  const listener = () => {
    if (isStopping) process.exit(exitCodes.interrupted)
    isStopping = true
    stop()
  }
  for (const signal of signals) process.on(signal, listener)
  return () => {
    for (const signal of signals) process.off(signal, listener)
  }
}

// A reader such as `head` has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.ok)
  throw error
})

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt,
})
