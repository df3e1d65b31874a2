import { ConfigError, DeliveryError, type SinkError } from "@singlesink/core"
import { type AddressOptions, toBaseUrl } from "./address.ts"
import { type Authorization, type CredentialOptions, toCredentials } from "./authorization.ts"
import type { Fetch, FetchRequest, FetchResponse } from "./fetch.ts"
import { type Context, toError, toNoAnswerError } from "./refusal.ts"
import { findWebFetch } from "./web.ts"

export interface DataApiOptions extends AddressOptions, CredentialOptions {
  /** The database that statements run in; case counts. */
  database: string
  /** The HTTP client. @default globalThis.fetch, without redirects */
  fetch?: Fetch | undefined
  /** Milliseconds that one request may take; then it fails with a DeliveryError `timeout`. @default 30000 */
  timeoutMs?: number | undefined
}

/** One request. Without a body it is a GET, and needs no credentials. */
export interface Call {
  path: string
  body?: string
  repeatable: boolean
  /** How much of an answer of success is read, where the client streams. */
  maxBytes: number
}

/** An answer with status 200. */
export interface Answer {
  text: string
  /** The body went on. */
  cut: boolean
  /** The error that a text stands for that came with it. */
  toError(status: number, text: string): SinkError
}

/** The most that is read of an answer that tells a failure. */
const maxFailureBytes = 65_536

/**
 * What speaks HTTP for the api: it puts in who we are, and throws where the answer's status is not 200.
 *
 * @throws ConfigError that lists every mistake in the options
 */
export function createClient(options: DataApiOptions): (call: Call) => Promise<Answer> {
  const { fetch, baseUrl, credentials, timeoutMs } = checked(options)

  async function authorize(): Promise<Authorization> {
    try {
      return await credentials.authorize()
    } catch {
      // What was thrown is the caller's own, and may hold anything.
      throw new DeliveryError({
        code: "no_token",
        message: "The function that was given as token gave none, so nothing was sent. See to it; try again.",
      })
    }
  }

  async function attempt({ path, body, repeatable, maxBytes }: Call, { header, secrets }: Authorization) {
    const context: Context = { baseUrl, secrets }
    const sent: Pick<FetchRequest, "method" | "headers" | "body"> =
      body === undefined
        ? { method: "GET", headers: {} }
        : { method: "POST", headers: { authorization: header, "content-type": "application/json" }, body }
    let response: FetchResponse
    let text: string
    try {
      response = await fetch(`${baseUrl}${path}`, { ...sent, timeoutMs, repeatable })
      text = await response.text(response.status === 200 ? maxBytes : maxFailureBytes)
    } catch (thrown) {
      throw toNoAnswerError(context, thrown)
    }
    const { status, headers, cut = false } = response
    return { status, headers, text, cut, toError: toError.bind(undefined, context) }
  }

  return async call => {
    const authorization = call.body === undefined ? nobody : await authorize()
    let answer = await attempt(call, authorization)
    if (answer.status === 401 && credentials.renewable) {
      // A token may run out on the way. Nothing was done then, so with a new one the request is sent again.
      const renewed = await authorize()
      if (renewed.header !== authorization.header) answer = await attempt(call, renewed)
    }
    const { status, text, headers } = answer
    if (status !== 200) throw answer.toError(status, text, headers)
    return answer
  }
}

const nobody: Authorization = { header: "", secrets: [] }

function checked(options: DataApiOptions) {
  const mistakes: string[] = []
  const { database, fetch = findWebFetch(), timeoutMs = 30_000 } = options
  const baseUrl = toBaseUrl(options, mistakes)
  const credentials = toCredentials(options, mistakes)
  if (typeof database !== "string" || database === "") mistakes.push("database is missing")
  if (typeof fetch !== "function") mistakes.push("fetch is missing, and this runtime has none of its own")
  if (!(Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs < 2 ** 31)) {
    mistakes.push("timeoutMs is not a whole number of milliseconds that a timer can wait for")
  }
  if (mistakes.length > 0 || fetch === undefined) {
    throw new ConfigError({
      code: "bad_options",
      message: `createDataApi cannot work with these options: ${mistakes.join("; ")}. Change them and start again.`,
    })
  }
  return { fetch, baseUrl, credentials, timeoutMs }
}
