import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { Server } from "@singlesink/conformance"
import { hideSecrets } from "./secrets.ts"
import type { ServerKind } from "./server-kind.ts"
import { openWire, type Reply, type Wire } from "./wire.ts"

/** The tools of a question: the wire and its own tables. */
export interface Lab extends Wire {
  server: Server
  kind: ServerKind
  /** Runs one statement that returns no rows. */
  exec(sql: string, args?: readonly unknown[]): Promise<Reply>
  /** Runs one query. */
  query(sql: string, args?: readonly unknown[]): Promise<Reply>
  /** Creates a table that is dropped after the question. @throws Error with the response of the server */
  createTable(toSql: (table: string) => string): Promise<string>
  /** A name that is unused on the server. */
  toName(): string
  /** Adds a cleanup statement. They run after the question, last first. */
  later(sql: string): void
}

export interface OpenLab extends Lab {
  /** Runs every cleanup statement. Returns those that failed, with the reason. */
  clean(): Promise<string[]>
}

const maxTries = 3
const pauseMs = 200

export function openLab(server: Server, kind: ServerKind): OpenLab {
  const wire = openWire(server)
  const { database } = server
  const undo: string[] = []

  /** Returns the last response. It retries, because a server may be busy for a moment. */
  async function tryToUndo(sql: string): Promise<Reply> {
    for (let attempt = 1; ; attempt++) {
      const reply = await lab.exec(sql)
      if (reply.status === 200 || attempt === maxTries) return reply
      await sleep(pauseMs)
    }
  }

  const lab: OpenLab = {
    ...wire,
    server,
    kind,
    exec: (sql, args = []) => wire.post("/api/v2/exec", JSON.stringify({ sql, database, args })),
    query: (sql, args = []) => wire.post("/api/v2/query/rows", JSON.stringify({ sql, database, args })),
    toName: () => `singlesink_question_${randomUUID().slice(0, 8)}`,
    later: sql => undo.unshift(sql),
    async createTable(toSql) {
      const table = lab.toName()
      // Added before the table is created: without a response, the table may exist.
      undo.unshift(`DROP TABLE IF EXISTS \`${table}\``)
      const reply = await lab.exec(toSql(table))
      if (reply.status !== 200) throw new Error(`The table cannot be created: ${toShown(reply, server)}`)
      return table
    },
    async clean() {
      const left: string[] = []
      for (const sql of undo.splice(0)) {
        const reply = await tryToUndo(sql)
        if (reply.status !== 200) left.push(`${sql}: ${toShown(reply, server)}`)
      }
      return left
    },
  }
  return lab
}

/** The rows of a query response. @throws Error with the response of the server */
export function rowsOf<Row>(reply: Reply, server: Server): Row[] {
  const body = reply.status === 200 ? JSON.parse(reply.text) : {}
  const rows = body.results?.[0]?.rows
  if (!Array.isArray(rows) || body.error) throw new Error(`The query failed: ${toShown(reply, server)}`)
  return rows
}

const maxShown = 200

/** A response on one line, without secrets and addresses, because people share these lines. */
export function toShown({ status, text }: Reply, server: Server): string {
  if (status === 0) return text
  const shown = hideSecrets(text, server)
    .trim()
    .replace(/\s+/g, " ")
    .replace(/@'[^']*'/g, "@'…'")
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, "…")
  return `${status}, ${shown.length > maxShown ? `${shown.slice(0, maxShown)}…` : shown}`
}
