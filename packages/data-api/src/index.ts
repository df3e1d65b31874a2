/**
 * SingleStore's HTTP Data API: statements, queries, and the transport of a sink.
 *
 * @module @singlesink/data-api
 */

export { type Argument, createDataApi, type DataApi } from "./data-api.ts"
export type { Failure } from "./errors/failures.ts"
export { failures } from "./errors/network-failures.ts"
export type { AddressOptions } from "./http/address.ts"
export type { DataApiOptions } from "./http/client.ts"
export type { CredentialOptions } from "./http/credentials.ts"
export type { Fetch, FetchHeaders, FetchRequest, FetchResponse } from "./http/fetch.ts"
export { createSwitchableFetch, type SwitchableFetch } from "./http/switchable-fetch.ts"
export type { ExecResult } from "./query/exec.ts"
export type { QueryOptions } from "./query/query.ts"
