import type { DataApi } from "@singlesink/data-api"
import { retry } from "./retry.ts"
import type { Statement } from "./statements.ts"

/** The one number that a query returns as `n`. @throws SinkError of the request */
export async function queryCount(
  api: DataApi,
  { sql, args }: Statement,
  options: { timeouts?: number } = {},
): Promise<number> {
  const [row] = await retry(() => api.query<{ n: number | string }>(sql, args), options)
  return Number(row?.n ?? 0)
}
