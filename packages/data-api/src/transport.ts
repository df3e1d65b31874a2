/**
 * Only what a sink needs.
 *
 * @module @singlesink/data-api/transport
 */

import type { Transport } from "@singlesink/core"
import { answerFailures, noResponseFailures } from "./errors/failures.ts"
import { createClient, type DataApiOptions } from "./http/client.ts"
import { sendInsert } from "./query/exec.ts"

export type { AddressOptions } from "./http/address.ts"
export type { DataApiOptions } from "./http/client.ts"
export type { CredentialOptions } from "./http/credentials.ts"
export type { Fetch, FetchHeaders, FetchRequest, FetchResponse } from "./http/fetch.ts"
export { createSwitchableFetch, type SwitchableFetch } from "./http/switchable-fetch.ts"

/**
 * The part of `createDataApi` that a sink needs, for sandboxes in which every kilobyte counts. It has no HTTP client, so
 * `fetch` is required and `token` is a string, and it does not know the error codes of Node: without a response the error
 * is `timeout` or `connection_lost`.
 *
 * @throws ConfigError with every mistake in the options
 * @example
 * const transport = createTransport({ url, username, password, database: "events", fetch })
 */
export function createTransport(options: DataApiOptions & { token?: string | undefined }): Transport {
  const call = createClient(options, [...answerFailures, ...noResponseFailures])
  return { database: options.database, send: request => sendInsert(call, request) }
}
