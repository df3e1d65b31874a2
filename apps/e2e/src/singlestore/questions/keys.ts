import { createTableSql } from "@singlesink/core"
import { type Lab, toShown } from "../lab.ts"
import { emulatorReadme, type Finding, type Question } from "../question.ts"
import type { Reply } from "../wire.ts"

const tableSource = "packages/core/src/table/create-table.ts"

export const askKeys: Question = {
  question:
    "Does the server accept the keys of createTableSql, and how does a key without a collation compare?",
  async ask(lab) {
    const create = async (sql: (table: string) => string): Promise<{ table: string; reply: Reply }> => {
      const table = lab.toName()
      lab.later(`DROP TABLE IF EXISTS \`${table}\``)
      return { table, reply: await lab.exec(sql(table)) }
    }
    const ours = await create(table => createTableSql({ table }))
    const bare = await create(
      table => `CREATE TABLE \`${table}\` (id TEXT NOT NULL, SHARD KEY (id), UNIQUE KEY (id) USING HASH)`,
    )
    const apart = await create(
      table =>
        `CREATE TABLE \`${table}\` (id TEXT NOT NULL, other TEXT, SHARD KEY (other), UNIQUE KEY (id) USING HASH)`,
    )
    const compared = await lab.exec(`INSERT IGNORE INTO \`${bare.table}\` (id) VALUES (?), (?)`, ["id", "ID"])
    return [
      {
        tried: "SHARD KEY, SORT KEY (timestamp) and UNIQUE KEY … USING HASH on TEXT",
        answer: toShown(ours.reply, lab.server),
        assumed: {
          says: "the table of createTableSql can be created",
          holds: ours.reply.status === 200,
          see: tableSource,
        },
      },
      {
        tried: "'id' and 'ID' in a key of TEXT without a collation",
        answer: toShown(compared, lab.server),
      },
      {
        tried: "a unique key without the shard key",
        answer: toShown(apart.reply, lab.server),
        assumed: {
          says: "a unique key without the shard key is refused",
          holds: apart.reply.status !== 200,
          see: emulatorReadme,
        },
      },
    ]
  },
}

export const askIds: Question = {
  question: "Which ids are distinct under utf8mb4_bin, and which are equal?",
  async ask(lab) {
    const table = await lab.createTable(name => createTableSql({ table: name }))
    const findings: Finding[] = []
    for (const [tried, ids, affected] of [
      ["'case' and 'CASE'", ["case", "CASE"], 2],
      ["'space' and 'space '", ["space", "space "], 2],
      ["'é' as one character and as two", ["\u00e9", "e\u0301"], 2],
      ["'same' twice in one statement", ["same", "same"], 1],
      ["'same' in the next statement", ["same"], 0],
    ] as const) {
      const reply = await insertIds(lab, table, ids)
      const { rowsAffected } = reply.status === 200 ? JSON.parse(reply.text) : {}
      findings.push({
        tried,
        answer: toShown(reply, lab.server),
        assumed: {
          says: `${affected} of ${ids.length} stored for ${tried}`,
          holds: rowsAffected === affected,
          see: tableSource,
        },
      })
    }
    return findings
  },
}

function insertIds(lab: Lab, table: string, ids: readonly string[]): Promise<Reply> {
  const tuples = ids.map(() => "(?, ?, ?)").join(", ")
  const sql = `INSERT IGNORE INTO \`${table}\` (messageId, \`timestamp\`, type) VALUES ${tuples}`
  return lab.exec(
    sql,
    ids.flatMap(id => [id, "2024-01-02 03:04:05.000000", "track"]),
  )
}
