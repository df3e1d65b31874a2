import { createTableSql } from "@singlesink/core"
import { toShown } from "../lab.ts"
import type { Finding, Question } from "../question.ts"
import type { Reply } from "../wire.ts"

/** One event on the server's disk. compose.yaml mounts it there. */
export const eventFile = "/singlesink/event.json"

export const askPipelines: Question = {
  question:
    "Can a pipeline fill the table, with SET for NOT NULL columns and DEFAULT NULL for missing values?",
  async ask(lab) {
    const table = await lab.createTable(name => createTableSql({ table: name }))
    const pipeline = lab.toName()
    const steps: readonly [tried: string, run: () => Promise<Reply>][] = [
      ["CREATE PIPELINE", () => lab.exec(toPipelineSql(pipeline, table))],
      ["TEST PIPELINE", () => lab.query(`TEST PIPELINE \`${pipeline}\` LIMIT 1`)],
      [
        "START PIPELINE … FOREGROUND",
        () => lab.exec(`START PIPELINE \`${pipeline}\` FOREGROUND LIMIT 1 BATCHES`),
      ],
      ["the row", () => lab.query(`SELECT messageId, \`timestamp\`, name, traits FROM \`${table}\``)],
    ]
    const findings: Finding[] = []
    for (const [tried, run] of steps) {
      const reply = await run()
      findings.push({ tried, answer: toShown(reply, lab.server) })
      // The other steps need the pipeline.
      if (tried === "CREATE PIPELINE" && reply.status !== 200) break
      if (tried === "CREATE PIPELINE") lab.later(`DROP PIPELINE IF EXISTS \`${pipeline}\``)
    }
    return findings
  },
}

function toPipelineSql(pipeline: string, table: string): string {
  return [
    `CREATE PIPELINE \`${pipeline}\` AS LOAD DATA FS '${eventFile}'`,
    `SKIP DUPLICATE KEY ERRORS INTO TABLE \`${table}\` FORMAT JSON (`,
    "  messageId <- messageId, type <- type, @time <- `timestamp`,",
    "  name <- name DEFAULT NULL, traits <- traits DEFAULT NULL",
    ") SET `timestamp` = REPLACE(REPLACE(@time, 'T', ' '), 'Z', '')",
  ].join("\n")
}
