import { createSecureContext } from "node:tls"
import {
  aBoolean,
  aString,
  assertValid,
  type Issue,
  integer,
  milliseconds,
  must,
  objectOf,
  optional,
  optionalObjectOf,
  toIssue,
} from "@singlesink/core/validation"

/** The options of `undiciFetch`: the pool, its timeouts, TLS and a proxy. */
export interface UndiciFetchOptions {
  /** The most connections to one host. Further requests wait for one. @default 16 */
  connections?: number | undefined
  /**
   * How long an idle connection is kept, in milliseconds. Set it lower than the server's own timeout. If the server
   * announces its timeout in Keep-Alive, that counts instead, less a second or two. @default 4000
   */
  keepAliveMs?: number | undefined
  /**
   * The time to establish a connection, including TLS, in milliseconds. If the name has several addresses, each but the
   * last gets a quarter of it. @default 10000
   */
  connectTimeoutMs?: number | undefined
  /** The time until the headers of the response arrive, in milliseconds. @default the timeout of the request */
  headersTimeoutMs?: number | undefined
  /** The time between two chunks of the response body, in milliseconds. @default the timeout of the request */
  bodyTimeoutMs?: number | undefined
  /** @default the certificate authorities of Node, and no client certificate */
  tls?: TlsOptions | undefined
  /**
   * Connects to public addresses only, for a service that connects to hosts of its users. The address that is checked is
   * the one that is connected to, so a name cannot change its address in between. Not with `proxy`. @default false
   */
  publicHostsOnly?: boolean | undefined
  /**
   * The URL of an HTTP proxy, or "environment" for HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
   *
   * @default none, whatever the environment contains
   */
  proxy?: string | undefined
}

/** PEM strings. @see https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions */
export interface TlsOptions {
  /** The certificate authorities to trust instead of those of Node. */
  ca?: string | string[] | undefined
  /** A client certificate, if the server requires one. */
  cert?: string | undefined
  /** The key of the client certificate. */
  key?: string | undefined
  /** The passphrase of the key. */
  passphrase?: string | undefined
  /** The name in the server's certificate, if it differs from the host of the URL. */
  servername?: string | undefined
}

const anything = () => []

const rule = objectOf({
  connections: optional(integer(1)),
  keepAliveMs: optional(milliseconds(1)),
  connectTimeoutMs: optional(milliseconds(1)),
  headersTimeoutMs: optional(milliseconds(1)),
  bodyTimeoutMs: optional(milliseconds(1)),
  tls: optionalObjectOf({
    ca: anything,
    cert: anything,
    key: anything,
    passphrase: anything,
    servername: aString,
  }),
  publicHostsOnly: optional(aBoolean),
  proxy: optional(
    must(
      'an http or https URL, or "environment"',
      (value: unknown) =>
        value === "environment" || (typeof value === "string" && /^https?:\/\/[^\s]+$/i.test(value)),
    ),
  ),
})

/** @throws ConfigError with every mistake, without values */
export function checkOptions(options: UndiciFetchOptions): void {
  const { publicHostsOnly, proxy } = Object(options)
  const isBoth = publicHostsOnly === true && proxy !== undefined
  const together = isBoth
    ? [toIssue("publicHostsOnly", "false with `proxy`, which resolves the host itself")]
    : []
  assertValid("undiciFetch", [...rule(options, ""), ...checkTls(options?.tls), ...together])
}

function checkTls(tls: TlsOptions | undefined): Issue[] {
  try {
    createSecureContext({ ...tls })
    return []
  } catch (error) {
    // Only OpenSSL's code, such as ERR_OSSL_PEM_NO_START_LINE: the message may contain a key.
    const { code = "not readable" } = error as NodeJS.ErrnoException
    return [
      toIssue("tls", `an object with \`ca\`, \`cert\`, \`key\` and \`passphrase\` in PEM format (${code})`),
    ]
  }
}
