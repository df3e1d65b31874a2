import { gzipSync } from "node:zlib"
import { toShown } from "../lab.ts"
import { type Assumption, emulatorReadme, type Finding, type Question } from "../question.ts"
import { errorOf, type Reply } from "../wire.ts"

/** The limit of core and the other meaning of 1 MB, each also with one byte more. */
const [ourMost, ...otherSizes] = [1_000_000, 1_000_001, 1_048_576, 1_048_577] as const

export const askSizes: Question = {
  question: "How large may a request body be, and may it be compressed?",
  async ask(lab) {
    const { server } = lab
    const table = await lab.createTable(
      name => `CREATE TABLE \`${name}\` (id TEXT NOT NULL, v LONGTEXT, SHARD KEY (id))`,
    )
    const findings: Finding[] = []
    for (const bytes of [ourMost, ...otherSizes]) {
      const reply = await lab.post("/api/v2/exec", toBody(server.database, table, bytes))
      findings.push({
        tried: `${bytes.toLocaleString("en-US")} bytes`,
        answer: toShown(reply, server),
        assumed: await toSizeAssumption(bytes, reply),
      })
    }

    const select = Buffer.from(
      JSON.stringify({ sql: "SELECT 1 AS one", database: server.database, args: [] }),
    )
    const zipped = await lab.post("/api/v2/query/rows", gzipSync(select), { "content-encoding": "gzip" })
    findings.push({ tried: "a body in gzip", answer: toShown(zipped, server) })
    const asked = await lab.post("/api/v2/query/rows", select, { "accept-encoding": "gzip" })
    const encoding = String(asked.headers["content-encoding"] ?? "not compressed")
    findings.push({ tried: "a request for a gzip response", answer: encoding })
    return findings
  },
}

async function toSizeAssumption(bytes: number, reply: Reply): Promise<Assumption> {
  const error = await errorOf(reply)
  if (bytes === ourMost)
    return {
      says: "1,000,000 bytes are accepted",
      holds: error === undefined,
      see: "packages/core/src/resolve-options.ts",
    }
  return {
    says: `${bytes.toLocaleString("en-US")} bytes are refused with a response that data-api recognises as request_too_large`,
    holds: error?.code === "request_too_large",
    see: `packages/data-api/src/errors/failures.ts if the text differs, packages/core/src/resolve-options.ts and ${emulatorReadme} if more is accepted`,
  }
}

/** A body of exactly this many bytes. */
function toBody(database: string, table: string, bytes: number): string {
  const sql = `INSERT INTO \`${table}\` (id, v) VALUES (?, ?)`
  const toText = (v: string) => JSON.stringify({ sql, database, args: [String(bytes), v] })
  return toText("x".repeat(bytes - Buffer.byteLength(toText(""))))
}

/** More than the server's default limit of 192 concurrent requests. */
const burst = 224

export const askBurst: Question = {
  question: `How does the server respond to ${burst} concurrent requests, which exceed its pool?`,
  async ask(lab) {
    const { status } = await lab.query("SELECT SLEEP(0)")
    // A query of one second holds its connection, so all requests overlap.
    const sql = status === 200 ? "SELECT SLEEP(1)" : "SELECT 1"
    const replies = await Promise.all(Array.from({ length: burst }, () => lab.query(sql)))
    const errors = (await Promise.all(replies.map(errorOf))).filter(error => error !== undefined)
    const took = replies.map(reply => reply.milliseconds)
    return [
      {
        tried: `${burst} times ${sql}`,
        answer: [
          ...toCounts(replies.map(reply => (reply.status === 200 ? "200" : toShown(reply, lab.server)))),
          `the first after ${Math.min(...took)} ms, the last after ${Math.max(...took)} ms`,
        ].join("; "),
        assumed: {
          says: "excess requests wait, or are refused with an error that is retried",
          holds: errors.every(error => error.name === "DeliveryError"),
          see: "packages/data-api/src/errors/failures.ts",
          beyondEmulator: true,
        },
      },
    ]
  },
}

function toCounts(kinds: readonly string[]): string[] {
  return [...new Set(kinds)].map(kind => `${kinds.filter(other => other === kind).length} times ${kind}`)
}
