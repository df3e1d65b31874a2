import { type Lab, rowsOf, toShown } from "../lab.ts"
import type { Finding, Question } from "../question.ts"
import { roundTrip } from "../round-trip.ts"
import { isOlder } from "../server-kind.ts"
import type { Reply } from "../wire.ts"

const resultSource = "packages/core/src/send/insert-result.ts"

const createRows = (lab: Lab) =>
  lab.createTable(
    name =>
      `CREATE TABLE \`${name}\` (id TEXT NOT NULL, n BIGINT, SHARD KEY (id), UNIQUE KEY (id) USING HASH) SQL_MODE='STRICT_ALL_TABLES'`,
  )

function insertRows(lab: Lab, table: string, ids: readonly string[], insert = "INSERT INTO"): Promise<Reply> {
  const tuples = ids.map(() => "(?, ?)").join(", ")
  return lab.exec(
    `${insert} \`${table}\` (id, n) VALUES ${tuples}`,
    ids.flatMap((id, index) => [id, index]),
  )
}

const toIds = (prefix: string, rows: number) => Array.from({ length: rows }, (_, row) => `${prefix} ${row}`)

export const askPlans: Question = {
  question: "Does each row count get its own query plan, and how much does its first use cost?",
  async ask(lab) {
    const table = await createRows(lab)
    const countPlans = async () => {
      const sql = `SELECT COUNT(*) AS plans FROM information_schema.plancache WHERE QUERY_TEXT LIKE 'INSERT%${table}%'`
      const reply = await lab.query(sql)
      if (reply.status !== 200) return toShown(reply, lab.server)
      return rowsOf<{ plans: number }>(reply, lab.server)[0]?.plans
    }

    const findings: Finding[] = []
    for (const rows of [1, 2, 50, 51]) {
      const times: number[] = []
      for (const use of ["first", "second"])
        times.push((await insertRows(lab, table, toIds(`${rows} ${use}`, rows))).milliseconds)
      const [first, second] = times
      findings.push({ tried: `rows: ${rows}`, answer: `first use ${first} ms, second use ${second} ms` })
    }
    const plans = await countPlans()
    findings.push({
      tried: "plans for 1, 2, 50 and 51 rows",
      answer: String(plans),
      assumed: {
        says: "inserts share one plan, whatever their row count",
        holds: plans === 1,
        see: "packages/core/src/batch/batcher.ts",
        beyondEmulator: true,
      },
    })
    return findings
  },
}

export const askIgnore: Question = {
  question: "Which rows does INSERT IGNORE count as affected, and does it convert values to fit?",
  async ask(lab) {
    const table = await createRows(lab)
    const ignore = (ids: readonly string[]) => insertRows(lab, table, ids, "INSERT IGNORE INTO")
    const findings: Finding[] = []
    for (const [tried, ids, affected] of [
      ["two new rows", ["a", "b"], 2],
      ["one existing row and one new row", ["a", "c"], 1],
      ["one new row twice in one statement", ["d", "d"], 1],
    ] as const) {
      const reply = await ignore(ids)
      findings.push({
        tried,
        answer: toShown(reply, lab.server),
        assumed: {
          says: `rowsAffected is ${affected} for ${tried}`,
          holds: affectedBy(reply) === affected,
          see: resultSource,
        },
      })
    }

    // Nothing is assumed about these: core checks every value, and hosts pass the suite either way.
    for (const [tried, type, value] of [
      ["an invalid time", "DATETIME(6)", '"yesterday"'],
      ["a string that is too long", "VARCHAR(3)", '"four"'],
      ["NULL in a NOT NULL column", "TEXT NOT NULL", "null"],
      ["a number out of range", "TINYINT", "1000"],
      ["invalid JSON", "JSON", '"{"'],
    ] as const) {
      const typed = await lab.createTable(
        name =>
          `CREATE TABLE \`${name}\` (id TEXT NOT NULL, v ${type}, SHARD KEY (id)) SQL_MODE='STRICT_ALL_TABLES'`,
      )
      const { shown } = await roundTrip(lab, typed, value, "INSERT IGNORE INTO")
      findings.push({ tried, answer: shown })
    }
    return findings
  },
}

function affectedBy({ status, text }: Reply): number | undefined {
  return status === 200 ? JSON.parse(text).rowsAffected : undefined
}

const rowsToCompare = 500

export const askOneArgument: Question = {
  question: "Can TABLE(JSON_TO_ARRAY(?)) insert rows from one argument, and how fast?",
  async ask(lab) {
    // The documentation says that it may crash earlier versions.
    if (isOlder(lab.kind.version, "8.5.22"))
      return [{ tried: "nothing", answer: `${lab.kind.version} is older than 8.5.22, so this may crash it` }]
    const table = await createRows(lab)
    const oneArgument = (prefix: string) => {
      const rows = toIds(prefix, rowsToCompare).map((id, n) => ({ id, n }))
      const sql = `INSERT INTO \`${table}\` (id, n) SELECT table_col::$id, table_col::n FROM TABLE(JSON_TO_ARRAY(?))`
      return lab.exec(sql, [JSON.stringify(rows)])
    }
    const [values, array]: [Reply[], Reply[]] = [[], []]
    for (const round of ["first", "second", "third"]) {
      values.push(await insertRows(lab, table, toIds(`values ${round}`, rowsToCompare)))
      array.push(await oneArgument(`array ${round}`))
    }
    const toAnswer = (replies: readonly Reply[]) => {
      const refused = replies.find(({ status }) => status !== 200)
      if (refused !== undefined) return toShown(refused, lab.server)
      return `${replies.map(({ milliseconds }) => milliseconds).join(", ")} ms`
    }
    return [
      { tried: `${rowsToCompare} rows in VALUES, three times`, answer: toAnswer(values) },
      { tried: `${rowsToCompare} rows in one argument, three times`, answer: toAnswer(array) },
    ]
  },
}
