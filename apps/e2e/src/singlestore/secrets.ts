import type { Server } from "@singlesink/conformance"

/** Hides the server's host, and the password in any encoding that a server or a proxy may use. */
export function hideSecrets(text: string, { url, username, password }: Server): string {
  let hidden = text
  if (password !== "") {
    const pair = `${username}:${password}`
    const forms = [...toForms(password), ...toForms(pair), ...toBase64Forms(pair)]
    // The longest form is first, because it may contain a shorter one.
    for (const form of forms.sort((a, b) => b.length - a.length)) hidden = hidden.replaceAll(form, "…")
  }
  const host = hostOf(url)
  // Only whole names match: under Docker Compose, the host may be called "db".
  return host === ""
    ? hidden
    : hidden.replace(new RegExp(`(?<![\\w-])${quote(host)}(:\\d+)?(?![\\w-])`, "gi"), "…")
}

function toForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const url = encodeURIComponent(secret)
  // The encoding of forms and of strict URL encoders.
  const strict = url.replace(/[!'()*]/g, toPercent)
  const urls = [url, strict, url.replaceAll("%20", "+"), strict.replaceAll("%20", "+"), encodeURI(secret)]
  return [
    secret,
    json,
    json.replace(/[\u007f-\uffff]/g, toUnicodeEscape),
    // Go escapes these characters in JSON.
    json.replace(/[<>&]/g, toUnicodeEscape),
    ...urls,
    ...urls.map(form => form.replace(/%../g, code => code.toLowerCase())),
  ]
}

/** With and without padding. */
function toBase64Forms(text: string): string[] {
  return (["utf8", "latin1"] as const).flatMap(encoding => {
    const bytes = Buffer.from(text, encoding)
    const base64 = bytes.toString("base64")
    return [base64, base64.replace(/=+$/, ""), bytes.toString("base64url")]
  })
}

const toPercent = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
const toUnicodeEscape = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`

/** Without the brackets of an IPv6 address, as in error messages. "" if the URL is invalid. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : ""
}

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
}
