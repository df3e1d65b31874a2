import { createSecureContext } from "node:tls"
import { ConfigError } from "@singlesink/core"

export interface UndiciFetchOptions {
  /** Most connections to one host; further requests wait for one. @default 16 */
  connections?: number | undefined
  /**
   * Milliseconds that a connection is kept without a request: less than the server keeps it. Where the server says how
   * long in Keep-Alive, that counts instead, less a second or two. @default 4000
   */
  keepAliveMs?: number | undefined
  /** Milliseconds until a connection is there, TLS included. @default 10000 */
  connectTimeoutMs?: number | undefined
  /** Milliseconds until the headers of the answer are there. @default what the whole request may take */
  headersTimeoutMs?: number | undefined
  /** Milliseconds between two pieces of the answer's body. @default what the whole request may take */
  bodyTimeoutMs?: number | undefined
  /** @default Node's own authorities, and no client certificate */
  tls?: TlsOptions | undefined
  /**
   * An HTTP proxy to go through: its URL, or "environment" for what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.
   *
   * @default none, whatever the environment says
   */
  proxy?: string | undefined
}

/** PEM texts. @see https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions */
export interface TlsOptions {
  /** The authorities to trust, instead of Node's own. */
  ca?: string | string[] | undefined
  /** A client certificate, where the server asks for one, and its key. */
  cert?: string | undefined
  key?: string | undefined
  /** What the key is locked with. */
  passphrase?: string | undefined
  /** The name in the server's certificate, where that is not the host of the URL. */
  servername?: string | undefined
}

const optionNames: readonly (keyof UndiciFetchOptions)[] = [
  "connections",
  "keepAliveMs",
  "connectTimeoutMs",
  "headersTimeoutMs",
  "bodyTimeoutMs",
  "tls",
  "proxy",
]

const tlsNames: readonly (keyof TlsOptions)[] = ["ca", "cert", "key", "passphrase", "servername"]

function describeUnknown(options: object | undefined, names: readonly string[], path: string): string[] {
  return Object.keys(Object(options))
    .filter(name => !names.includes(name))
    .map(name => `there is no option ${path}${name}`)
}

/** @throws ConfigError that lists every mistake, without the values */
export function checkOptions(options: UndiciFetchOptions): void {
  const mistakes = [
    ...describeUnknown(options, optionNames, ""),
    ...describeUnknown(options?.tls, tlsNames, "tls."),
  ]
  const { connections = 16, tls, proxy } = Object(options) as UndiciFetchOptions
  if (!(Number.isInteger(connections) && connections >= 1)) {
    mistakes.push("connections is not a whole number from 1 on")
  }
  for (const name of ["keepAliveMs", "connectTimeoutMs", "headersTimeoutMs", "bodyTimeoutMs"] as const) {
    const { [name]: value = 1 } = Object(options) as UndiciFetchOptions
    if (!(Number.isInteger(value) && value >= 1 && value < 2 ** 31)) {
      mistakes.push(`${name} is not a whole number of milliseconds that a timer can wait for`)
    }
  }
  if (proxy !== undefined && proxy !== "environment" && !/^https?:\/\/[^\s]+$/i.test(proxy)) {
    mistakes.push('proxy is neither "environment" nor the http or https URL of one')
  }
  try {
    createSecureContext({ ...tls })
  } catch (error) {
    // OpenSSL's own word for it, such as ERR_OSSL_PEM_NO_START_LINE; the texts hold a key.
    const { code } = error as NodeJS.ErrnoException
    mistakes.push(
      `tls is not what TLS needs, as PEM: ca, cert, key and passphrase (${code ?? "not readable"})`,
    )
  }
  if (mistakes.length > 0) {
    throw new ConfigError({
      code: "bad_options",
      message: `undiciFetch cannot work with these options: ${mistakes.join("; ")}. Change them and start again.`,
    })
  }
}
