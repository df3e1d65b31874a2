import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

const stats = "{ received: 0, stored: 0, rejected: 0, failed: 0, pending: 0, duplicates: 0 }"
const store = `process.send({ type: "outcomes", stored: numbers, rejected: [], failed: [], stats: ${stats} })`
const correct: Record<"write" | "writeBatch" | "memory" | "close", string> = {
  write: store,
  writeBatch: store,
  memory: 'process.send({ type: "memory", bytes: 1_000_000 })',
  close: `setImmediate(() => {
    process.send({ type: "closed", undelivered: [], stats: ${stats} })
    process.disconnect()
  })`,
}

export const dies: string = "process.exit(3)"
export const hangs: string = ""
/** The violation that a writer with exit code 3 causes. */
export const died: string = "the writer exited unexpectedly, with code 3 and signal null"

/**
 * Writes the script of a writer that answers correctly but stores nothing.
 *
 * @param differences JavaScript to run for a message instead of the correct answer
 * @returns the path of the script
 */
export async function writeScript(differences: Partial<typeof correct> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chaos-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, "writer.mjs")
  const handlers = Object.entries({ ...correct, ...differences })
  const cases = handlers.map(([type, code]) => `case "${type}": { ${code}; break }`)
  await writeFile(
    path,
    `process.on("message", ({ type, numbers }) => { switch (type) { ${cases.join("\n")} } })`,
  )
  return path
}
