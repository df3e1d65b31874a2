import { randomUUID } from "node:crypto"
import { type Lab, toShown } from "./lab.ts"
import { engineCodeOf, type Reply } from "./wire.ts"

/** The result of storing a value in the column `v` and reading it back. */
export interface RoundTrip {
  /** The returned JSON text, or undefined if the server refused the value. */
  read?: string
  /** The engine code of the refusal. */
  refusedWith?: number | undefined
  /** A line for people. */
  shown: string
}

/** Takes the value as JSON text, because JSON.stringify cannot write every value that the questions need. */
export async function roundTrip(
  lab: Lab,
  table: string,
  value: string,
  insert = "INSERT INTO",
): Promise<RoundTrip> {
  const id = randomUUID()
  const sql = `${insert} \`${table}\` (id, v) VALUES (?, ?)`
  const head = JSON.stringify({ sql, database: lab.server.database }).slice(0, -1)
  const stored = await lab.post("/api/v2/exec", `${head},"args":["${id}",${value}]}`)
  if (stored.status !== 200)
    return { refusedWith: engineCodeOf(stored), shown: `refused: ${toShown(stored, lab.server)}` }
  const read = toValueText(await lab.query(`SELECT v FROM \`${table}\` WHERE id = ?`, [id]))
  return read === undefined
    ? { shown: "stored, but the row was not found" }
    : { read, shown: `stored as ${read.replace(/\s+/g, " ")}` }
}

/** The text of the single value. Parsing would lose its digits and its key order. */
function toValueText({ text }: Reply): string | undefined {
  return /"v"\s*:\s*([\s\S]*?)\s*\}\s*\]\s*\}\s*\]\s*\}\s*$/.exec(text)?.[1]
}
