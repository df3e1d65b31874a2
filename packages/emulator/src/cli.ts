#!/usr/bin/env node
import { command } from "./command.ts"

void command(process.argv.slice(2), console).then(emulator => {
  if (emulator === undefined) process.exitCode = 1
  if (emulator === undefined || emulator === "help") return
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void emulator.close())
})
