/** Who we are to the database. */
export interface CredentialOptions {
  username?: string | undefined
  password?: string | undefined
  /**
   * A JWT, instead of user name and password; or a function that gives the current one. It is called before each
   * request, and once more when the server answers 401, so it should keep the token while that is valid.
   */
  token?: string | (() => string | Promise<string>) | undefined
}

/** What one request says of us, and what of it must never be shown. */
export interface Authorization {
  /** The value of the Authorization header. */
  header: string
  secrets: readonly string[]
}

export interface Credentials {
  /** The token may be another one each time. */
  renewable: boolean
  /** @throws whatever the caller's own token function throws, and TypeError where it gives no token */
  authorize(): Authorization | Promise<Authorization>
}

/**
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-authentication.md
 */
export function toCredentials(options: CredentialOptions, mistakes: string[]): Credentials {
  const { username, password, token } = options
  if (token !== undefined) {
    if (username !== undefined || password !== undefined) {
      mistakes.push("token and username or password are both given; give one of them")
    }
    if (typeof token === "function")
      return { renewable: true, authorize: async () => toBearer(await token()) }
    if (!isToken(token)) mistakes.push("token is not a token")
    else return fixed(toBearer(token))
  } else {
    if (typeof username !== "string" || username === "") mistakes.push("username is missing (or token)")
    else if (username.includes(":"))
      mistakes.push("username has a colon, which Basic authentication cannot carry")
    if (typeof password !== "string") mistakes.push("password is missing (or token)")
  }
  return fixed(toBasic(String(username), String(password)))
}

function fixed(authorization: Authorization): Credentials {
  return { renewable: false, authorize: () => authorization }
}

function toBearer(token: string): Authorization {
  if (!isToken(token)) throw new TypeError("no token")
  return { header: `Bearer ${token}`, secrets: toForms(token) }
}

function toBasic(username: string, password: string): Authorization {
  const pair = `${username}:${password}`
  const encoded = toBase64(pair)
  // Also where somebody has left out the padding, and in the alphabet of URLs.
  const bare = encoded.replace(/=+$/, "")
  const inUrl = bare.replaceAll("+", "-").replaceAll("/", "_")
  const secrets = [...toForms(password), ...toForms(pair), encoded, bare, inUrl]
  return { header: `Basic ${encoded}`, secrets: byLength(secrets) }
}

function isToken(token: unknown): token is string {
  return typeof token === "string" && /^[\x21-\x7e]+$/.test(token)
}

/** A secret in every form that a server or a proxy might show it in, the longest first. */
function toForms(secret: string): string[] {
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

/** Base64 of the text's UTF-8, without btoa or Buffer: some hosts have neither, and btoa knows Latin-1 only. */
export function toBase64(text: string): string {
  const bytes = encodeURIComponent(toWellFormed(text)).replace(/%(..)/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  let base64 = ""
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1), bytes.charCodeAt(i + 2)]
    // Past the end charCodeAt gives NaN, which counts as no bits.
    const bits = (a << 16) | (b << 8) | c
    base64 += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63)
    base64 += Number.isNaN(b) ? "=" : alphabet.charAt((bits >> 6) & 63)
    base64 += Number.isNaN(c) ? "=" : alphabet.charAt(bits & 63)
  }
  return base64
}

/** A lone surrogate has no UTF-8; every encoder puts U+FFFD in its place. */
function toWellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
}
