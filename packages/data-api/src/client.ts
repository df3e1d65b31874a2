import { ConfigError, DeliveryError, type SinkError } from "@singlesink/core"
import { type AddressOptions, toBaseUrl } from "./address.ts"
import { type Authorization, type CredentialOptions, toCredentials } from "./authorization.ts"
import { within } from "./deadline.ts"
import type { Failure } from "./failures.ts"
import type { Fetch, FetchRequest, FetchResponse } from "./fetch.ts"
import { type Context, type FailedAnswer, toError, toNoAnswerError } from "./refusal.ts"

export interface DataApiOptions extends AddressOptions, CredentialOptions {
  /** The database that statements run in; case counts. */
  database: string
  /** The HTTP client. @default globalThis.fetch, without redirects */
  fetch?: Fetch | undefined
  /** Milliseconds that one call may take; then it fails with a DeliveryError `timeout`. @default 30000 */
  timeoutMs?: number | undefined
}

/** One request. Without a body it is a GET, and needs no credentials. */
interface Call {
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
  /** The error that a text stands for which came with it. */
  toError(text: string): SinkError
}

/** Sends one call. @throws EventError, ConfigError or DeliveryError where the answer's status is not 200 */
export type Client = (call: Call) => Promise<Answer>

/** The most that is read of an answer that tells a failure. */
const maxFailureBytes = 65_536

/**
 * What speaks HTTP for the api: it puts in who we are, and throws where the answer's status is not 200.
 *
 * @param failures what can go wrong, and what it means
 * @param mistakes what is wrong with the options already
 * @throws ConfigError that lists every mistake in the options
 */
export function createClient(
  options: DataApiOptions,
  failures: readonly Failure[],
  mistakes: readonly string[] = [],
): Client {
  const { fetch, baseUrl, credentials, timeoutMs } = checked(options, mistakes)

  async function authorize(leftMs: number): Promise<Authorization> {
    try {
      return await within(leftMs, credentials.authorize())
    } catch {
      // What was thrown is the caller's own, and may hold anything.
      throw new DeliveryError({
        code: "no_token",
        message: "The token function gave none in time; nothing was sent. See to it, then try again.",
      })
    }
  }

  async function attempt(call: Call, authorization: Authorization, leftMs: number): Promise<FailedAnswer> {
    const { path, body, repeatable, maxBytes } = call
    const sent: Pick<FetchRequest, "method" | "headers" | "body"> =
      body === undefined
        ? { method: "GET", headers: {} }
        : {
            method: "POST",
            headers: { authorization: authorization.header, "content-type": "application/json" },
            body,
          }
    let response: FetchResponse | undefined
    let text: unknown
    try {
      // A client takes whole milliseconds, and one at least.
      const timeoutMs = Math.max(1, Math.ceil(leftMs))
      response = await fetch(`${baseUrl}${path}`, { ...sent, timeoutMs, repeatable })
      text = await response.text(response.status === 200 ? maxBytes : maxFailureBytes)
    } catch (thrown) {
      // A status that tells a failure tells it also where the text is lost.
      if (response === undefined || response.status === 200) {
        throw toNoAnswerError({ baseUrl, failures, secrets: authorization.secrets }, thrown)
      }
    }
    const { status, headers, cut = false } = response
    return { status, headers, text: typeof text === "string" ? text : "", cut }
  }

  return async call => {
    const startedAt = Date.now()
    const leftMs = () => timeoutMs - (Date.now() - startedAt)
    let authorization = call.body === undefined ? nobody : await authorize(timeoutMs)
    let answer = await attempt(call, authorization, leftMs())
    if (answer.status === 401 && credentials.renewable && call.body !== undefined && leftMs() > 0) {
      // A token may run out on the way. Nothing was done then, so with a new one the request is sent again.
      const renewed = await authorize(leftMs()).catch(() => authorization)
      if (renewed.header !== authorization.header) {
        authorization = renewed
        answer = await attempt(call, authorization, leftMs())
      }
    }
    const context: Context = { baseUrl, failures, secrets: authorization.secrets }
    if (answer.status !== 200) throw toError(context, answer)
    const { text, cut = false } = answer
    return { text, cut, toError: text => toError(context, { status: 200, text }) }
  }
}

const nobody: Authorization = { header: "", secrets: [] }

function checked(given: DataApiOptions, found: readonly string[]) {
  const mistakes = [...found]
  const { database, fetch, timeoutMs = 30_000 } = given
  const baseUrl = toBaseUrl(given, mistakes)
  const credentials = toCredentials(given, mistakes)
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
