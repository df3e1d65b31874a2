import { answerFailures, type Failure, noResponseFailures } from "./failures.ts"

/** What the errors of Node and undici mean if no response came. A sandbox has neither. */
const networkFailures: readonly Failure[] = [
  {
    // UND_ERR_CLOSED and _DESTROYED: the caller has closed the pool.
    systemCode:
      /^(EADDRNOTAVAIL|EAI_AGAIN|ECONNREFUSED|EHOST(DOWN|UNREACH)|ENET(DOWN|UNREACH)|ENOTFOUND|UND_ERR_(CLOSED|CONNECT_TIMEOUT|DESTROYED))$/,
    error: "DeliveryError",
    code: "connection_failed",
    message: "Could not connect. Check the address, and that the server is running.",
  },
  {
    systemCode: /CERT|UNKNOWN_CA|LEAF_SIGNATURE|HOSTNAME_MISMATCH|INVALID_PURPOSE|HANDSHAKE_FAILURE/,
    error: "ConfigError",
    code: "untrusted_certificate",
    message:
      "The TLS certificate is not trusted, or the server requires a client certificate. Renew it, or set `tls.ca` or `tls.cert`.",
  },
  {
    systemCode: /^(EPROTO$|ERR_SSL_)/,
    error: "ConfigError",
    code: "tls_handshake_failed",
    message: "The TLS handshake failed: the port does not speak TLS. Use the HTTPS port, or an http:// URL.",
  },
  {
    // The standard's fetch refuses some ports, such as 25 and 6000.
    thrownMessage: /\bbad port$/,
    error: "ConfigError",
    code: "invalid_options",
    message: "The platform's fetch blocks this port. Use another port, or undiciFetch.",
  },
  {
    systemCode: /^(ETIMEDOUT|UND_ERR_(BODY|HEADERS)_TIMEOUT)$/,
    error: "DeliveryError",
    code: "timeout",
    ambiguous: true,
    message: "No response came in time.",
  },
  {
    thrownMessage: /Proxy response \(407\)/,
    error: "ConfigError",
    code: "access_denied",
    message: "The proxy requires a username and password. Add them to the proxy URL.",
  },
  {
    thrownMessage: /Proxy response \(/,
    error: "DeliveryError",
    code: "connection_failed",
    message: "The proxy could not connect to the Data API.",
  },
]

/** Every failure of a request. The first match wins. */
export const failures: readonly Failure[] = [...answerFailures, ...networkFailures, ...noResponseFailures]
