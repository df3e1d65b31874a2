import { JSONParser } from "@streamparser/json"
import { type InputRecord, toBrokenRecord } from "./record.ts"

/**
 * Reads a JSON array of objects, without holding all of it. After a syntax error nothing more can be read.
 *
 * @param skip the number of elements at the start that are not returned
 */
export async function* readArray(chunks: AsyncIterable<Buffer>, skip = 0): AsyncGenerator<InputRecord[]> {
  let records: InputRecord[] = []
  let number = 0
  const parser = new JSONParser({ paths: ["$.*"], keepStack: false })
  parser.onValue = ({ value }) => {
    number++
    if (number > skip) records.push(toRecord(value, number))
  }
  /** Whether the text so far is the start of valid JSON. */
  function accept(chunk: Buffer): boolean {
    try {
      parser.write(chunk)
      return true
    } catch {
      return false
    }
  }

  let isValid = true
  for await (const chunk of chunks) {
    isValid = accept(chunk)
    if (records.length > 0) yield records
    records = []
    if (!isValid) break
  }
  if (isValid && parser.isEnded) return
  const reason = `The JSON array is broken after element ${number}. Nothing after it could be read.`
  yield [toBrokenRecord(number + 1, { code: "broken_record", reason })]
}

function toRecord(value: unknown, number: number): InputRecord {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { number, parse: () => ({ event: { ...value } }) }
  }
  const reason = "The element is not a JSON object."
  return toBrokenRecord(number, { code: "broken_record", reason, text: JSON.stringify(value) })
}
