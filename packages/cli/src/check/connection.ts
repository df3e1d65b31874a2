import { type Finding, failed, ok, warning } from "./finding.ts"
import type { Inspection } from "./inspection.ts"

const tlsCodes = ["untrusted_certificate", "tls_handshake_failed"]

/** Whether the Data API answers at all. */
export async function checkEndpoint({ ping, serverName }: Inspection): Promise<Finding> {
  const startedAt = performance.now()
  const error = await ping()
  // Something answers there. What it says is the next check.
  if (error === undefined || tlsCodes.includes(error.code)) {
    return ok(`${serverName} answers in ${Math.round(performance.now() - startedAt)} ms.`)
  }
  return failed(error.message)
}

export async function checkTls({ ping, settings: { server } }: Inspection): Promise<Finding> {
  const error = await ping()
  if (error !== undefined) return failed(error.message)
  if (server === undefined) return ok("Plain HTTP within this machine.")
  const { address, ca } = server
  if ("host" in address || address.url.startsWith("https:")) {
    return ok(`The certificate is trusted${ca === undefined ? "" : ", with the authority of --ca"}.`)
  }
  const { hostname } = new URL(address.url)
  return address.allowInsecure && !local.test(hostname)
    ? warning("Plain HTTP: the network can read the password and the events. Use https if the server has it.")
    : ok("Plain HTTP within this machine.")
}

const local = /^(localhost|127\.[\d.]+|\[::1\])$/

/** Errors of a user who was let in. */
const databaseCodes = ["unknown_database", "permission_denied", "database_not_selected", "recovering"]

export async function checkCredentials({ select, settings: { server } }: Inspection): Promise<Finding> {
  const error = await select()
  if (error !== undefined && !databaseCodes.includes(error.code)) return failed(error.message)
  if (server === undefined) return ok("The emulator has one user, root.")
  const { credentials } = server
  return ok("token" in credentials ? "The token is valid." : `The user ${credentials.username} is let in.`)
}

export async function checkDatabase({ select, settings: { database } }: Inspection): Promise<Finding> {
  const error = await select()
  return error === undefined ? ok(`The database ${database} exists.`) : failed(error.message)
}
