import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

const stats = "{ received: 0, stored: 0, rejected: 0, failed: 0, pending: 0, duplicates: 0 }"
const store = `process.send({ type: "outcomes", stored: numbers, rejected: [], failed: [], stats: ${stats} })`
const goodManners: Record<"write" | "deliver" | "memory" | "close", string> = {
  write: store,
  deliver: store,
  memory: 'process.send({ type: "memory", bytes: 1_000_000 })',
  close: `setImmediate(() => {
    process.send({ type: "closed", undelivered: [], stats: ${stats} })
    process.disconnect()
  })`,
}

export const dies: string = "process.exit(3)"
export const hangs: string = ""
/** What is said of one that dies. */
export const died: string = "the writer ended by itself, with code 3 and signal null"

/** The path of a writer that keeps its promises but stores nothing, and does at some messages this JavaScript instead. */
export async function writeScript(differences: Partial<typeof goodManners> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chaos-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, "writer.mjs")
  const answers = Object.entries({ ...goodManners, ...differences })
  const cases = answers.map(([type, does]) => `case "${type}": { ${does}; break }`)
  await writeFile(
    path,
    `process.on("message", ({ type, numbers }) => { switch (type) { ${cases.join("\n")} } })`,
  )
  return path
}
