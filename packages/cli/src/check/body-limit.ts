import type { SinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { type Finding, failed, ok, skipped, warning } from "./finding.ts"
import { errorOf, type Inspection } from "./inspection.ts"

/** The largest body that a sink sends by default. */
const sinkBytes = 1_000_000
const mostBytes = 64_000_000

/** The largest request body that passed, and the error of a larger one. */
export interface BodyLimit {
  readonly passed: number
  /** Undefined if the largest body of the probe passed. */
  readonly refusal: SinkError | undefined
}

/** Finds the largest request body that the server and the proxies before it accept. */
export async function checkBodyLimit({ api }: Inspection): Promise<Finding> {
  const { passed, refusal } = await findLimit(bytes => errorOf(sendBody(api, bytes)), sinkBytes, mostBytes)
  const shown = `${passed.toLocaleString("en")} bytes`
  if (refusal === undefined) return ok(`A request body of ${shown} passes, the most that is tried.`)
  if (passed === 0) return failed(refusal.message)
  const refusedWith =
    refusal.code === "request_too_large"
      ? ""
      : ` A larger one ended with ${refusal.code}, not with a refusal.`
  if (passed >= sinkBytes) return ok(`The largest request body that passed has ${shown}.${refusedWith}`)
  if (refusal.code !== "request_too_large") return skipped(`${shown} passed.${refusedWith}`)
  const owner = refusal.status === 413 ? "A proxy before the database" : "The Data API, or a proxy before it,"
  return warning(
    `${owner} refuses request bodies above ${shown}, and the limit of the Data API is ${sinkBytes.toLocaleString("en")}. Raise it (client_max_body_size in nginx), or set limits.maxBytes to ${passed}: batches that are refused are split and sent again.`,
  )
}

/**
 * Doubles the size from `start` until it is refused or `most` is reached, and then halves the distance a few times. If
 * `start` is refused, the limit is below it.
 */
export async function findLimit(
  send: (bytes: number) => Promise<SinkError | undefined>,
  start: number,
  most: number,
): Promise<BodyLimit> {
  let passed = 0
  let refused: { bytes: number; error: SinkError } | undefined
  for (let bytes = start; bytes <= most && refused === undefined; bytes *= 2) {
    const error = await send(bytes)
    if (error === undefined) passed = bytes
    else refused = { bytes, error }
  }
  while (refused !== undefined && refused.bytes - passed > refused.bytes / 50 && refused.bytes > leastBytes) {
    const bytes = Math.floor((passed + refused.bytes) / 2)
    const error = await send(bytes)
    if (error === undefined) passed = bytes
    else refused = { bytes, error }
  }
  return { passed, refusal: refused?.error }
}

/** Below this nothing could be stored anyway. */
const leastBytes = 1_000

/** A query whose request body has exactly so many bytes. The argument is one literal, so all sizes share one plan. */
function sendBody(api: DataApi, bytes: number): Promise<unknown> {
  const sql = "SELECT LENGTH(?) AS bytes"
  const empty = Buffer.byteLength(JSON.stringify({ sql, database: api.database, args: [""] }))
  return api.query(sql, ["x".repeat(Math.max(0, bytes - empty))])
}
