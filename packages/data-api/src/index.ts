export type { AddressOptions } from "./address.ts"
export type { CredentialOptions } from "./authorization.ts"
export type { DataApiOptions } from "./client.ts"
export {
  type Argument,
  createDataApi,
  type DataApi,
  type ExecReply,
  type QueryOptions,
} from "./data-api.ts"
export { type Failure, failures } from "./failures.ts"
export type { Fetch, FetchHeaders, FetchRequest, FetchResponse } from "./fetch.ts"
export type { Schema } from "./schema.ts"
