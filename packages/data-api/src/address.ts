/** Where a Data API is: what precedes `/api/v2/exec` in its URLs. */
export interface AddressOptions {
  /** http or https, with a port and a base path if need be: `https://svc-1.example.com`. */
  url?: string | undefined
  /** Instead of `url`: the host name alone, reached by https. */
  host?: string | undefined
  /** The port of `host`. @default 443 */
  port?: number | undefined
  /** Lets `url` be plain http to a host that is not this machine; the password travels unprotected. @default false */
  allowInsecure?: boolean | undefined
}

const urlForm = /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)(?::(\d+))?(\/[^?#\s]*)?$/i
const hostForm = /^(\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)$/i
const localHost = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i

/**
 * The base of every URL, without a trailing slash. Mistakes go into `mistakes`, never with the value: people
 * paste URLs that carry a password.
 */
export function toBaseUrl(options: AddressOptions, mistakes: string[]): string {
  const { url, host, port } = options
  if (url !== undefined && (host !== undefined || port !== undefined)) {
    mistakes.push("url and host or port are both given; give one of them")
  } else if (url !== undefined) {
    return fromUrl(url, options.allowInsecure ?? false, mistakes)
  } else if (host !== undefined) {
    return fromHost(host, port ?? 443, mistakes)
  } else {
    mistakes.push("url is missing (or host)")
  }
  return ""
}

function fromUrl(url: unknown, allowInsecure: boolean, mistakes: string[]): string {
  const match = typeof url === "string" ? urlForm.exec(url) : null
  if (match === null) {
    mistakes.push("url is not of the form https://host:port/path, without user, query and fragment")
    return ""
  }
  const [, scheme = "", host = "", port, path = ""] = match
  if (!/^https?$/i.test(scheme)) mistakes.push("url is neither http nor https")
  if (port !== undefined) checkPort(Number(port), "the port of url", mistakes)
  if (/^http$/i.test(scheme) && !localHost.test(host) && !allowInsecure) {
    mistakes.push("url is plain http to another machine; use https, or set allowInsecure")
  }
  return `${scheme}://${host}${port === undefined ? "" : `:${port}`}${path.replace(/\/+$/, "")}`
}

function fromHost(host: unknown, port: unknown, mistakes: string[]): string {
  if (typeof host !== "string" || !hostForm.test(host)) {
    mistakes.push("host is not a host name alone, without scheme, port and path")
  }
  checkPort(port, "port", mistakes)
  return `https://${host}:${port}`
}

function checkPort(port: unknown, name: string, mistakes: string[]): void {
  const isPort = typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535
  if (!isPort) mistakes.push(`${name} is not a whole number from 1 to 65535`)
}
