import type { Server } from "@singlesink/conformance"

/** A text without the password, in any form that a server or a proxy may write it in, and without the server's host. */
export function hideSecrets(text: string, { url, username, password }: Server): string {
  let hidden = text
  if (password !== "") {
    const pair = `${username}:${password}`
    const forms = [...toForms(password), ...toForms(pair), ...toBase64Forms(pair)]
    // The longest first: a shorter one may be a part of it.
    for (const form of forms.sort((a, b) => b.length - a.length)) hidden = hidden.replaceAll(form, "…")
  }
  const host = hostOf(url)
  // A whole name only: in a composition the host may be called "db".
  return host === ""
    ? hidden
    : hidden.replace(new RegExp(`(?<![\\w-])${quote(host)}(:\\d+)?(?![\\w-])`, "gi"), "…")
}

function toForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const url = encodeURIComponent(secret)
  // As forms and the stricter of the encoders write it.
  const strict = url.replace(/[!'()*]/g, toPercent)
  const urls = [url, strict, url.replaceAll("%20", "+"), strict.replaceAll("%20", "+"), encodeURI(secret)]
  return [
    secret,
    json,
    json.replace(/[\u007f-\uffff]/g, toUnicodeEscape),
    // As Go writes JSON.
    json.replace(/[<>&]/g, toUnicodeEscape),
    ...urls,
    ...urls.map(form => form.replace(/%../g, code => code.toLowerCase())),
  ]
}

/** Also where somebody has left out the padding. */
function toBase64Forms(text: string): string[] {
  return (["utf8", "latin1"] as const).flatMap(encoding => {
    const bytes = Buffer.from(text, encoding)
    const base64 = bytes.toString("base64")
    return [base64, base64.replace(/=+$/, ""), bytes.toString("base64url")]
  })
}

const toPercent = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
const toUnicodeEscape = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`

/** Without the brackets of an IPv6 address, as an error has it; "" where the URL is none. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : ""
}

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
}
