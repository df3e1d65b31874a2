import { isSinkError, type SinkError } from "@singlesink/core"
import {
  aFunction,
  aString,
  assertValid,
  type Issue,
  milliseconds,
  objectOf,
  optional,
} from "@singlesink/core/validation"
import type { Failure } from "../errors/failures.ts"
import {
  type HttpResponse,
  type RequestContext,
  toNoResponseError,
  toResponseError,
} from "../errors/to-error.ts"
import { type AddressOptions, checkAddress, toBaseUrl } from "./address.ts"
import {
  type Authorization,
  type CredentialOptions,
  checkCredentials,
  type FromTokenFunction,
  toCredentials,
} from "./credentials.ts"
import type { Fetch, FetchRequest, FetchResponse } from "./fetch.ts"

/** The options of `createDataApi`: where the Data API is, the credentials, and how it is called. */
export interface DataApiOptions extends AddressOptions, CredentialOptions {
  /** The database that statements run in. Its name is case-sensitive. */
  database: string
  /** The HTTP client. @default globalThis.fetch, without redirects */
  fetch?: Fetch | undefined
  /** How long one call may take, in milliseconds. Then it fails with a DeliveryError `timeout`. @default 30000 */
  timeoutMs?: number | undefined
}

/** One request. Without a body it is a GET, which needs no credentials. */
interface Call {
  path: string
  body?: string
  idempotent: boolean
  /** How much of a successful response is read if the HTTP client streams. */
  maxBytes: number
}

/** A response with status 200. */
export interface Answer {
  status: "ok"
  text: string
  /** Whether the body goes on. */
  isTruncated: boolean
  /** The error that a text in the response stands for. */
  toError(text: string): SinkError
}

export interface Failed {
  status: "error"
  error: SinkError
}

/** Sends one call. It resolves to an error and never rejects. */
export type Client = (call: Call) => Promise<Answer | Failed>

/** The most bytes that are read of a response with an error. */
const maxErrorBytes = 65_536

/**
 * The HTTP client of the Data API: it adds the credentials, enforces the timeout, and turns failures into errors.
 *
 * @param failures what can go wrong, and what it means
 * @param fromTokenFunction makes the credentials if `token` is a function. Without it that is an invalid option
 * @throws ConfigError with every mistake in the options
 */
export function createClient(
  options: DataApiOptions,
  failures: readonly Failure[],
  fromTokenFunction?: FromTokenFunction,
): Client {
  checkOptions(options, fromTokenFunction)
  const { database, timeoutMs = 30_000 } = options
  const fetch = options.fetch as Fetch
  const baseUrl = toBaseUrl(options)
  const credentials = toCredentials(options, fromTokenFunction)

  async function attempt(
    call: Call,
    header: string,
    leftMs: number,
    context: RequestContext,
  ): Promise<HttpResponse | Failed> {
    const { path, body, idempotent, maxBytes } = call
    const request: Pick<FetchRequest, "method" | "headers" | "body"> =
      body === undefined
        ? { method: "GET", headers: {} }
        : { method: "POST", headers: { authorization: header, "content-type": "application/json" }, body }
    let response: FetchResponse | undefined
    let text: unknown
    try {
      // HTTP clients take an integer of at least 1.
      const timeoutMs = Math.max(1, Math.ceil(leftMs))
      response = await fetch(`${baseUrl}${path}`, { ...request, timeoutMs, idempotent })
      text = await response.text(response.status === 200 ? maxBytes : maxErrorBytes)
    } catch (thrown) {
      // An error status is enough even if its text is lost.
      if (response === undefined || response.status === 200) {
        const error = isSinkError(thrown) ? thrown : toNoResponseError(context, thrown)
        return { status: "error", error }
      }
    }
    const { status, headers, isTruncated = false } = response
    return { status, headers, text: typeof text === "string" ? text : "", isTruncated }
  }

  return async call => {
    const startedAt = clock.now()
    const leftMs = () => timeoutMs - (clock.now() - startedAt)
    const needsAuthorization = call.body !== undefined
    const given = needsAuthorization ? await credentials.authorize(leftMs()) : noAuthorization
    if (isSinkError(given)) return { status: "error", error: given }
    let authorization = given
    const context = () => ({ baseUrl, database, body: call.body, secrets: authorization.secrets, failures })
    let response = await attempt(call, authorization.header, leftMs(), context())
    if (response.status === 401 && credentials.isRenewable && needsAuthorization && leftMs() > 0) {
      // The token may have expired on the way. Nothing was executed, so the request is sent again with a new one.
      const renewed = await credentials.authorize(leftMs())
      if (!isSinkError(renewed) && renewed.header !== authorization.header) {
        authorization = renewed
        response = await attempt(call, authorization.header, leftMs(), context())
      }
    }
    if (response.status === "error") return response
    const { status, text, isTruncated = false } = response
    if (status !== 200) return { status: "error", error: toResponseError(context(), response) }
    return { status: "ok", text, isTruncated, toError: text => toResponseError(context(), { status, text }) }
  }
}

/** The result of a call, for methods that throw. @throws the error of the call */
export function unwrap<Result extends { status: string }>(result: Result | Failed): Exclude<Result, Failed> {
  if (result.status === "error") throw (result as Failed).error
  return result as Exclude<Result, Failed>
}

const noAuthorization: Authorization = { header: "", secrets: [] }

/** A clock that is not set back, if the platform has one. */
const clock: { now(): number } = (globalThis as { performance?: { now(): number } }).performance ?? Date

/** Checked together, because they depend on each other. */
const checkedTogether = ["url", "host", "port", "allowInsecure", "username", "password", "token"]

const rule = objectOf({
  ...Object.fromEntries(checkedTogether.map(name => [name, () => []])),
  database: aString,
  fetch: aFunction,
  timeoutMs: optional(milliseconds(1)),
})

/** @throws ConfigError with every mistake */
function checkOptions(options: DataApiOptions, fromTokenFunction: FromTokenFunction | undefined): void {
  const given: DataApiOptions = Object(options)
  const issues: Issue[] = [
    ...checkAddress(given),
    ...checkCredentials(given, fromTokenFunction),
    ...rule(given, ""),
  ]
  assertValid("createDataApi", issues)
}
