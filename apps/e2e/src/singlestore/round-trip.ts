import { randomUUID } from "node:crypto"
import { type Lab, toShown } from "./lab.ts"
import { engineCodeOf, type Reply } from "./wire.ts"

/** A value that went into a column `v` and was read again. */
export interface RoundTrip {
  /** The JSON text that came back; undefined where the server refused the value. */
  read?: string
  /** The engine's number of the refusal. */
  refusedWith?: number | undefined
  /** In words. */
  shown: string
}

/** The value is JSON text, because JSON.stringify could not write all that is asked about. */
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
    ? { shown: "stored, and no row to be found" }
    : { read, shown: `stored as ${read.replace(/\s+/g, " ")}` }
}

/** The text of the one value, with its digits and its order of keys, which parsing would lose. */
function toValueText({ text }: Reply): string | undefined {
  return /"v"\s*:\s*([\s\S]*?)\s*\}\s*\]\s*\}\s*\]\s*\}\s*$/.exec(text)?.[1]
}
