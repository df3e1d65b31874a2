import {
  type Column,
  createSink,
  defaultColumns,
  type Outcome,
  type Sink,
  type SinkOptions,
} from "@singlesink/core"
import { integer, optional, type Rule } from "@singlesink/core/validation"
import { createDataApi, type DataApi } from "@singlesink/data-api"
import { parseExact } from "@singlesink/data-api/exact"
import { undiciFetch } from "@singlesink/data-api/undici"

interface Order {
  id: string
  total: number
}

const columns: Column[] = [
  ...defaultColumns,
  { name: "plan", type: "TEXT", from: ["properties.plan", "traits.plan"] },
]
const database: DataApi = createDataApi({
  url: "https://x.example",
  token: "t",
  database: "d",
  fetch: undiciFetch(),
})
const options: SinkOptions = { transport: database, columns, validate: undefined }
const sink: Sink = createSink(options)
export const rule: Rule = optional(integer(1))

export async function main(orders: Order[]): Promise<string[]> {
  const outcomes: Outcome[] = await sink.writeBatch(orders)
  const rows = await database.query<Order>("SELECT id, total FROM orders", [], { parse: parseExact })
  return [
    ...outcomes.map(outcome => (outcome.status === "stored" ? "" : outcome.error.code)),
    ...rows.map(row => row.id),
  ]
}
