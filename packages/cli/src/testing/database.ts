import { createTableSql } from "@singlesink/core"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { onTestFinished } from "vitest"

/** An emulator with the table, and the variables that lead to it. */
export async function startDatabase({
  hasTable = true,
} = {}): Promise<{ emulator: Emulator; env: Record<string, string> }> {
  const emulator = await startEmulator()
  onTestFinished(() => emulator.close())
  if (hasTable) await emulator.exec(createTableSql())
  const env = {
    SINGLESTORE_URL: emulator.url,
    SINGLESTORE_USERNAME: "root",
    SINGLESTORE_PASSWORD: "",
    SINGLESTORE_DATABASE: "events",
  }
  return { emulator, env }
}
