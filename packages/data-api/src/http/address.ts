import { aBoolean, type Issue, integer, must, optional, toIssue } from "@singlesink/core/validation"

/** The address of a Data API. */
export interface AddressOptions {
  /** The http or https URL, with a port and a base path if needed: `https://svc-1.example.com`. */
  url?: string | undefined
  /** The host name, as an alternative to `url`. It is reached by https. */
  host?: string | undefined
  /** The port of `host`. @default 443 */
  port?: number | undefined
  /** Allows a plain http `url` to another machine. The password then travels unencrypted. @default false */
  allowInsecure?: boolean | undefined
}

const isPort = integer(1, 65_535)

const urlForm = /^(https?):\/\/(\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)(?::(\d+))?(\/[^?#\s]*)?$/i
const localHost = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i

/** The URL parser of the platform. A bare isolate has none; there the patterns above are the only check. */
const { URL } = globalThis as {
  URL?: { new (url: string): { href: string }; canParse?: (url: string) => boolean }
}

/** What is wrong with an address. No issue contains a value, because people paste URLs with a password. */
export function checkAddress({ url, host, port = 443, allowInsecure }: AddressOptions): Issue[] {
  const issues = [...optional(aBoolean)(allowInsecure, "allowInsecure")]
  if (url !== undefined && host !== undefined) {
    return [...issues, { path: "url", message: "Only one of `url` and `host` can be set" }]
  }
  if (url !== undefined) return [...issues, ...checkUrl(url, allowInsecure ?? false)]
  if (host === undefined) return [...issues, { path: "url", message: "`url` or `host` is required" }]
  const isHost = must(
    "a host name without scheme and port",
    (value: unknown) => urlForm.exec(`https://${value}`)?.[2] === value && isUrl(`https://${value}`),
  )
  return [...issues, ...isHost(host, "host"), ...isPort(port, "port")]
}

function checkUrl(url: unknown, allowInsecure: boolean): Issue[] {
  const [, scheme, host = "", port = "443"] = (typeof url === "string" && urlForm.exec(url)) || []
  if (scheme === undefined || isPort(Number(port), "port").length > 0 || !isUrl(String(url))) {
    return [toIssue("url", "of the form https://host:port/path, without user, query and fragment")]
  }
  if (/^https/i.test(scheme) || localHost.test(host) || allowInsecure) return []
  return [toIssue("url", "an https URL; set `allowInsecure` to use plain http to another machine")]
}

/** Whether the platform's URL parser accepts it: it rejects hosts such as `10.0.0.256` and `a%`. */
function isUrl(url: string): boolean {
  return URL?.canParse?.(url) ?? true
}

/** The base of every URL, without a trailing slash and as the platform's parser writes it, of an address without issues. */
export function toBaseUrl({ url = "", host, port = 443 }: AddressOptions): string {
  const base = host === undefined ? url : `https://${host}:${port}`
  return (URL === undefined ? base : new URL(base).href).replace(/\/+$/, "")
}
