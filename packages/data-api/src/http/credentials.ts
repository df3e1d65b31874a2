import type { SinkError } from "@singlesink/core"
import { type Issue, toIssue } from "@singlesink/core/validation"

/** The credentials of a database user. */
export interface CredentialOptions {
  username?: string | undefined
  password?: string | undefined
  /**
   * A JWT, as an alternative to username and password, or a function that returns the current one. The function is called
   * before each request, and once more after a 401, so it should cache the token while it is valid.
   */
  token?: string | TokenFunction | undefined
}

export type TokenFunction = () => string | Promise<string>

/** The credentials of one request. */
export interface Authorization {
  /** The value of the Authorization header. */
  header: string
  /** What must never be shown: the secret in every encoding, the longest first. */
  secrets: readonly string[]
}

export interface Credentials {
  /** Whether the token can be different each time. */
  isRenewable: boolean
  /** The authorization of the next request, or why there is none. @param leftMs how long this may take */
  authorize(leftMs: number): Authorization | Promise<Authorization | SinkError>
}

/** Credentials that come from a token function. Clients for small sandboxes do without. */
export type FromTokenFunction = (token: TokenFunction) => Credentials

/** What is wrong with the credentials. No issue contains a value. */
export function checkCredentials(
  { username, password, token }: CredentialOptions,
  fromTokenFunction: FromTokenFunction | undefined,
): Issue[] {
  if (token !== undefined) {
    if (username !== undefined || password !== undefined) {
      return [{ path: "token", message: "Only one of `token` and `username` with `password` can be set" }]
    }
    const isValid = isToken(token) || (typeof token === "function" && fromTokenFunction !== undefined)
    return isValid ? [] : [toIssue("token", "printable ASCII without spaces and line breaks")]
  }
  return [
    (typeof username !== "string" || username === "") && {
      path: "username",
      message: "`username` or `token` is required",
    },
    String(username).includes(":") && toIssue("username", "without a colon"),
    typeof password !== "string" && { path: "password", message: "`password` or `token` is required" },
  ].filter(issue => issue !== false)
}

/**
 * The credentials of options without issues.
 *
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-authentication.md
 */
export function toCredentials(
  { username, password, token }: CredentialOptions,
  fromTokenFunction: FromTokenFunction | undefined,
): Credentials {
  if (typeof token === "function" && fromTokenFunction !== undefined) return fromTokenFunction(token)
  const authorization =
    token === undefined ? toBasic(String(username), String(password)) : toBearer(String(token))
  return { isRenewable: false, authorize: () => authorization }
}

export function toBearer(token: string): Authorization {
  return { header: `Bearer ${token}`, secrets: toEncodings(token) }
}

function toBasic(username: string, password: string): Authorization {
  const pair = `${username}:${password}`
  const encoded = toBase64(pair)
  // Also without the padding, and in the alphabet of URLs.
  const bare = encoded.replace(/=+$/, "")
  const inUrl = bare.replaceAll("+", "-").replaceAll("/", "_")
  const secrets = [...toEncodings(password), ...toEncodings(pair), encoded, bare, inUrl]
  return { header: `Basic ${encoded}`, secrets: byLength(secrets) }
}

export function isToken(token: unknown): token is string {
  return typeof token === "string" && /^[\x21-\x7e]+$/.test(token)
}

/** A secret in every encoding that a server or a proxy might show, the longest first. */
function toEncodings(secret: string): string[] {
  const wellFormed = toWellFormed(secret)
  const json = JSON.stringify(wellFormed).slice(1, -1)
  const url = encodeURIComponent(wellFormed)
  const html = wellFormed.replace(/[<>&]/g, sign => (sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : "&amp;"))
  return byLength([
    wellFormed,
    json,
    // As Go writes JSON.
    json.replace(/[<>&]/g, sign => `\\u00${sign.charCodeAt(0).toString(16)}`),
    url,
    url.replace(/%../g, code => code.toLowerCase()),
    html,
    html.replaceAll('"', "&#34;").replaceAll("'", "&#39;"),
  ])
}

function byLength(texts: string[]): string[] {
  return texts.filter(text => text !== "").sort((a, b) => b.length - a.length)
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** Base64 of UTF-8 without btoa and Buffer: some hosts have neither, and btoa only takes Latin-1. */
export function toBase64(text: string): string {
  const bytes = encodeURIComponent(toWellFormed(text)).replace(/%(..)/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  let base64 = ""
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1), bytes.charCodeAt(i + 2)]
    // Past the end charCodeAt returns NaN, which counts as zero bits.
    const bits = (a << 16) | (b << 8) | c
    base64 += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63)
    base64 += Number.isNaN(b) ? "=" : alphabet.charAt((bits >> 6) & 63)
    base64 += Number.isNaN(c) ? "=" : alphabet.charAt(bits & 63)
  }
  return base64
}

/** Lone surrogates have no UTF-8, so every encoder replaces them with U+FFFD. */
function toWellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
}
