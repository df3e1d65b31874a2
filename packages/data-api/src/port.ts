import type { SinkApi } from "@singlesink/core"
import { createClient, type DataApiOptions } from "./client.ts"
import { sendInsert } from "./exec.ts"
import { answerFailures, lossFailures } from "./failures.ts"

export type { AddressOptions } from "./address.ts"
export type { CredentialOptions } from "./authorization.ts"
export type { DataApiOptions } from "./client.ts"
export type { Fetch, FetchHeaders, FetchRequest, FetchResponse } from "./fetch.ts"

/**
 * What a sink needs of createDataApi and nothing else, for sandboxes where each kilobyte counts. It has no HTTP client
 * of its own, so `fetch` must be given, and knows no codes of Node's: what brings no answer is `timeout` or `network`.
 *
 * @throws ConfigError that lists every mistake in the options
 */
export function createPort(options: DataApiOptions): SinkApi {
  const call = createClient(options, [...answerFailures, ...lossFailures])
  const { database } = options
  return { database, send: request => sendInsert(call, request) }
}
