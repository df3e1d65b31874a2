#!/usr/bin/env node
import { startEmulator } from "./emulator.ts"
import { help, readFlags } from "./flags.ts"

try {
  const flags = readFlags(process.argv.slice(2))
  if (flags === "help") console.log(help)
  else await run(flags)
} catch (error) {
  console.error(`singlesink-emulator: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

async function run(
  options: Parameters<typeof startEmulator>[0] & { username: string; databases: string[] },
): Promise<void> {
  const emulator = await startEmulator(options)
  const databases = options.databases.join(", ")
  console.log(
    `Data API at ${emulator.url}, user ${options.username}, database ${databases}. Stop with Ctrl+C.`,
  )
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void emulator.close())
}
