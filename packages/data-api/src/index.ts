export type { AddressOptions } from "./address.ts"
export type { CredentialOptions } from "./authorization.ts"
export {
  type Argument,
  createDataApi,
  type DataApi,
  type DataApiOptions,
  type ExecReply,
} from "./data-api.ts"
export type { Fetch, FetchHeaders, FetchRequest, FetchResponse } from "./fetch.ts"
