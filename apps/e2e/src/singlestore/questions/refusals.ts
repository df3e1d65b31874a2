import { randomBytes } from "node:crypto"
import { type Lab, toShown } from "../lab.ts"
import { emulatorReadme, type Finding, type Question } from "../question.ts"
import { engineCodeOf, errorOf, type Reply, toBasic } from "../wire.ts"

const failures = "packages/data-api/src/errors/failures.ts"

/** An invalid request, and the code that data-api is expected to give the response. Without a code, any is fine. */
interface Wrong {
  what: string
  code?: string
  send(): Promise<Reply>
}

export const askRefusals: Question = {
  question: "Which status and text does the server return for each kind of invalid request?",
  async ask(lab) {
    const { server } = lab
    const { database } = server
    const table = await lab.createTable(
      name =>
        `CREATE TABLE \`${name}\` (id TEXT NOT NULL, small_text VARCHAR(3), happened DATETIME(6), document JSON, SHARD KEY (id), UNIQUE KEY (id) USING HASH) SQL_MODE='STRICT_ALL_TABLES'`,
    )
    const insert = (column: string, value: unknown) =>
      lab.exec(`INSERT INTO \`${table}\` (id, ${column}) VALUES (?, ?)`, [lab.toName(), value])
    const post = (body: object, headers = {}) => lab.post("/api/v2/exec", JSON.stringify(body), headers)
    const select = { sql: "SELECT 1", database, args: [] }
    await lab.exec(`INSERT INTO \`${table}\` (id) VALUES (?)`, ["taken"])

    const wrongs: Wrong[] = [
      {
        what: "an unknown table",
        code: "unknown_table",
        send: () => lab.exec(`DELETE FROM ${lab.toName()}`),
      },
      {
        what: "an unknown database",
        code: "unknown_database",
        send: () => post({ ...select, database: lab.toName() }),
      },
      { what: "an unknown column", code: "unknown_column", send: () => insert("nope", "x") },
      {
        what: "an existing key",
        code: "duplicate_key",
        send: () => lab.exec(`INSERT INTO \`${table}\` (id) VALUES (?)`, ["taken"]),
      },
      {
        what: "NULL in a NOT NULL column",
        code: "value_rejected",
        send: () => lab.exec(`INSERT INTO \`${table}\` (id) VALUES (?)`, [null]),
      },
      { what: "a string that is too long", code: "value_rejected", send: () => insert("small_text", "four") },
      { what: "an invalid time", code: "value_rejected", send: () => insert("happened", "yesterday") },
      {
        what: "a wrong password",
        code: "access_denied",
        send: () =>
          post(select, { authorization: toBasic(server.username, randomBytes(12).toString("hex")) }),
      },
      {
        what: "a missing argument",
        send: () => lab.exec(`INSERT INTO \`${table}\` (id, small_text) VALUES (?, ?)`, ["1"]),
      },
    ]
    const findings: Finding[] = []
    const engines: Reply[] = []
    for (const { what, code, send } of wrongs) {
      const reply = await send()
      const made = (await errorOf(reply))?.code
      if (engineCodeOf(reply) !== undefined && made !== "access_denied") engines.push(reply)
      findings.push({
        tried: what,
        answer: `${toShown(reply, server)} (${made ?? "accepted"})`,
        ...(code === undefined
          ? {}
          : { assumed: { says: `${what} is ${code}`, holds: made === code, see: failures } }),
      })
    }
    const badJson = await insert("document", "{")
    const statuses = [...new Set(engines.map(({ status }) => status))]
    findings.push(
      {
        tried: "invalid JSON",
        answer: toShown(badJson, server),
        assumed: {
          says: "invalid JSON is engine code 3140",
          holds: engineCodeOf(badJson) === 3140,
          see: `${emulatorReadme} and ${failures}`,
        },
      },
      await missingPrivilege(lab, table),
      {
        tried: "the status of engine errors other than access errors",
        answer: statuses.join(", ") || "there were no engine errors",
        assumed: {
          says: "engine errors have status 400",
          holds: statuses.length === 1 && statuses[0] === 400,
          see: emulatorReadme,
        },
      },
    )

    const empty = await lab.exec(`DELETE FROM \`${table}\` WHERE id = 'x'`, [])
    const extra = await post({
      ...{ sql: `DELETE FROM \`${table}\` WHERE id = 'x'`, database, args: [] },
      nope: 1,
    })
    findings.push(
      {
        tried: "empty args",
        answer: toShown(empty, server),
        assumed: {
          says: "args may be empty",
          holds: empty.status === 200,
          see: "packages/data-api/src/data-api.ts",
        },
      },
      { tried: "an unknown member in the body", answer: toShown(extra, server) },
    )
    return findings
  },
}

/** Needs a user with read access only. It is created and dropped if the server allows that. */
async function missingPrivilege(lab: Lab, table: string): Promise<Finding> {
  const { server } = lab
  const tried = "an INSERT without the privilege"
  const user = lab.toName()
  // A server may require a character of each kind.
  const password = `Aa1-${randomBytes(16).toString("hex")}`
  const assumed = { says: `${tried} is permission_denied`, see: failures, beyondEmulator: true } as const
  const unasked = (reply: Reply): Finding => {
    const answer = `no user for this question can be created: ${toShown(reply, { ...server, password })}`
    // If a real server does not allow the question, its answer neither confirms nor contradicts anything.
    return lab.kind.isEmulator ? { tried, answer, assumed: { ...assumed, holds: true } } : { tried, answer }
  }

  const made = await lab.exec(`CREATE USER '${user}'@'%' IDENTIFIED BY '${password}'`)
  // Without a response, the user may exist.
  if (made.status === 200 || made.status === 0) lab.later(`DROP USER IF EXISTS '${user}'@'%'`)
  if (made.status !== 200) return unasked(made)
  const granted = await lab.exec(`GRANT SELECT ON \`${server.database}\`.* TO '${user}'@'%'`)
  if (granted.status !== 200) return unasked(granted)
  const sql = `INSERT INTO \`${table}\` (id) VALUES ('x')`
  const reply = await lab.post("/api/v2/exec", JSON.stringify({ sql, database: server.database }), {
    authorization: toBasic(user, password),
  })
  return {
    tried,
    answer: toShown(reply, server),
    assumed: { ...assumed, holds: (await errorOf(reply))?.code === "permission_denied" },
  }
}
