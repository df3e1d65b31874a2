import { createHmac, hash, timingSafeEqual } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import type { ReceiverOptions } from "../options.ts"
import { RequestError } from "./request-error.ts"

/** Who calls: the table of the key, and a name of the key that is not secret. */
export interface Caller {
  /** Undefined for the default table. */
  readonly table: string | undefined
  readonly id: string
}

const anonymous: Caller = { table: undefined, id: "anonymous" }
const signer: Caller = { table: undefined, id: "signature" }

export interface Authentication {
  /** Whether every caller is accepted. */
  readonly isAnonymous: boolean
  /**
   * Finds the caller by a key.
   *
   * @throws RequestError if the key is missing or wrong
   */
  findCaller(key: string | undefined): Caller
  /**
   * Checks a signature. Undefined if no secret is configured.
   *
   * @param signed what may have been signed
   * @throws RequestError if the signature is of none of them
   */
  checkSignature(signature: string, signed: readonly (Buffer | string)[]): Caller | undefined
}

export function createAuthentication({
  writeKeys,
  signingSecret,
}: Pick<ReceiverOptions, "writeKeys" | "signingSecret">): Authentication {
  const isAnonymous = writeKeys === "anonymous"
  const tables: readonly (readonly [string, string | undefined])[] = isAnonymous
    ? []
    : Array.isArray(writeKeys)
      ? writeKeys.map(key => [key, undefined] as const)
      : Object.entries(writeKeys as Readonly<Record<string, string>>)
  const callers = tables.map(([key, table]) => {
    const digest = toDigest(key)
    return { digest, caller: { table, id: digest.toString("hex", 0, 4) } }
  })

  return {
    isAnonymous,
    findCaller(key) {
      if (isAnonymous) return anonymous
      if (key === undefined) throw toUnauthorizedError(missing)
      const digest = toDigest(key)
      // All keys are compared, so the time says nothing about which one is similar.
      let found: Caller | undefined
      for (const { digest: known, caller } of callers) if (timingSafeEqual(known, digest)) found = caller
      if (found === undefined) throw toUnauthorizedError("The write key is wrong.")
      return found
    },
    checkSignature(signature, signed) {
      if (signingSecret === undefined) return undefined
      const given = toDigest(signature.toLowerCase())
      for (const content of signed) {
        const expected = toDigest(createHmac("sha1", signingSecret).update(content).digest("hex"))
        if (timingSafeEqual(expected, given)) return signer
      }
      throw toUnauthorizedError("The signature is not the HMAC-SHA1 of the body with the shared secret.")
    },
  }
}

const toDigest = (text: string) => hash("sha256", text, "buffer")

const missing =
  "The write key is missing. Send it as the user name of Basic authentication, as a bearer token, or in the header X-Write-Key."

const toUnauthorizedError = (message: string) => new RequestError(401, "unauthorized", message)

/** Finds the write key in the headers or the query of a request. */
export function readKey(headers: IncomingHttpHeaders, query: unknown): string | undefined {
  const { authorization, "x-write-key": header } = headers
  if (authorization !== undefined) return readAuthorization(authorization)
  if (typeof header === "string") return header
  const { writeKey } = Object(query) as { writeKey?: unknown }
  return typeof writeKey === "string" ? writeKey : undefined
}

function readAuthorization(authorization: string): string | undefined {
  const space = authorization.indexOf(" ")
  const scheme = authorization.slice(0, space).toLowerCase()
  const value = authorization.slice(space + 1).trim()
  if (scheme === "bearer") return value
  if (scheme !== "basic") return undefined
  const credentials = Buffer.from(value, "base64").toString()
  const colon = credentials.indexOf(":")
  return colon === -1 ? credentials : credentials.slice(0, colon)
}
