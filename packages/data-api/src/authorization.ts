/** Who we are to the database. */
export interface CredentialOptions {
  username?: string | undefined
  password?: string | undefined
  /** A JWT, instead of user name and password. */
  token?: string | undefined
}

/**
 * The value of the Authorization header.
 *
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-authentication.md
 */
export function toAuthorization(options: CredentialOptions, mistakes: string[]): string {
  const { username, password, token } = options
  if (token !== undefined) {
    if (username !== undefined || password !== undefined) {
      mistakes.push("token and username or password are both given; give one of them")
    }
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) mistakes.push("token is not a token")
    return `Bearer ${token}`
  }
  if (typeof username !== "string" || username === "") mistakes.push("username is missing (or token)")
  else if (username.includes(":"))
    mistakes.push("username has a colon, which Basic authentication cannot carry")
  if (typeof password !== "string") mistakes.push("password is missing (or token)")
  return `Basic ${toBase64(`${username}:${password}`)}`
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** Base64 of the text's UTF-8, without btoa or Buffer: some hosts have neither, and btoa knows Latin-1 only. */
export function toBase64(text: string): string {
  // A lone surrogate has no UTF-8; every encoder puts U+FFFD in its place.
  const wellFormed = text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    "\ufffd",
  )
  const bytes = encodeURIComponent(wellFormed).replace(/%(..)/g, (_, hex) =>
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
