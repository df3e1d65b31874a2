import { type Finding, ok, skipped, warning } from "./finding.ts"
import type { Inspection } from "./inspection.ts"

/** The first version with unique keys in columnstore tables. */
const leastVersion = [7, 5]

export async function checkVersion({ api }: Inspection): Promise<Finding> {
  const [row] = await api.query<{ version: string; comment: string }>(
    "SELECT @@memsql_version AS version, @@version_comment AS comment",
  )
  const version = String(row?.version ?? "")
  const comment = String(row?.comment ?? "")
  if (!comment.includes("SingleStore")) {
    return warning(`The server calls itself "${comment}". singlesink is made for SingleStore.`)
  }
  const shown = `SingleStore ${version}${comment.includes("emulated") ? ", emulated" : ""}`
  return isBefore(version, leastVersion)
    ? warning(
        `${shown} is older than ${leastVersion.join(".")}, the first version whose tables can deduplicate.`,
      )
    : ok(`${shown}.`)
}

/** Whether a version such as 9.0.23 is lower than another one. */
function isBefore(version: string, other: readonly number[]): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  const [otherMajor = 0, otherMinor = 0] = other
  return major < otherMajor || (major === otherMajor && minor < otherMinor)
}

const mostSecondsApart = 5

/** Compares the clocks. The server's has a resolution of a second. */
export async function checkClock({ api }: Inspection): Promise<Finding> {
  const before = Date.now()
  const [row] = await api.query<{ seconds: unknown }>("SELECT UNIX_TIMESTAMP() AS seconds")
  const after = Date.now()
  const seconds = Number(row?.seconds)
  if (!Number.isFinite(seconds) || seconds <= 0) return skipped("The server did not answer with a time.")
  const apart = secondsApart(seconds, before / 1_000, after / 1_000)
  if (Math.abs(apart) <= mostSecondsApart) return ok("The clocks of the server and of this machine agree.")
  const direction = apart > 0 ? "ahead of" : "behind"
  return warning(
    `The server's clock is ${Math.round(Math.abs(apart)).toLocaleString("en")} s ${direction} the clock of this machine. Correct the wrong one, or queries by time miss the newest events.`,
  )
}

/** How far a time with a resolution of a second lies outside the time of the request; positive if it is later. */
function secondsApart(seconds: number, before: number, after: number): number {
  if (seconds > after) return seconds - after
  return seconds + 1 < before ? seconds + 1 - before : 0
}
