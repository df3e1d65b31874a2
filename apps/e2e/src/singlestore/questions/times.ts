import { emulatorReadme, type Finding, type Question } from "../question.ts"
import { roundTrip } from "../round-trip.ts"

/** A time as it is sent and as it is read back. Without `read`, the server is expected to refuse it with 1292. */
interface Form {
  sent: string
  read?: string
}

const forms: readonly Form[] = [
  { sent: "2024-01-02 03:04:05.678901", read: "2024-01-02 03:04:05.678901" },
  { sent: "2024-01-02 03:04:05.678", read: "2024-01-02 03:04:05.678000" },
  { sent: "2024-01-02T03:04:05.678Z" },
  { sent: "2024-01-02T03:04:05.678+02:00" },
  { sent: "0999-12-31 00:00:00.000000" },
  { sent: "2024-01-02 03:04:05.6789019" },
]

export const askTimes: Question = {
  question: "Which time formats does DATETIME(6) accept, and which instant does it store?",
  async ask(lab) {
    const table = await lab.createTable(
      name =>
        `CREATE TABLE \`${name}\` (id TEXT NOT NULL, v DATETIME(6), SHARD KEY (id)) SQL_MODE='STRICT_ALL_TABLES'`,
    )
    const findings: Finding[] = []
    for (const { sent, read } of forms) {
      const result = await roundTrip(lab, table, JSON.stringify(sent))
      const assumed =
        read === undefined
          ? {
              says: `${sent} is refused with 1292`,
              holds: result.refusedWith === 1292,
              see: emulatorReadme,
            }
          : {
              says: `${sent} is stored to the microsecond`,
              holds: result.read === JSON.stringify(read),
              see: "packages/core/src/event/timestamp.ts",
            }
      findings.push({ tried: sent, answer: result.shown, assumed })
    }
    return findings
  },
}
