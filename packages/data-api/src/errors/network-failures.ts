import { answerFailures, config, delivery, type Failure, noResponseFailures } from "./failures.ts"

/** What the errors of Node and undici mean if no response came. A sandbox has neither. */
const networkFailures: readonly Failure[] = [
  // UND_ERR_CLOSED and _DESTROYED: the caller has closed the pool.
  delivery(
    "connection_failed",
    {
      systemCode:
        /^(EADDRNOTAVAIL|EAI_\w+|ECONNREFUSED|EHOST(DOWN|UNREACH)|EMFILE|ENET(DOWN|UNREACH)|ENFILE|ENOTFOUND|ESERVFAIL|UND_ERR_(CLOSED|CONNECT_TIMEOUT|DESTROYED))$/,
      // Several addresses that all failed, or a system call before there was a connection.
      thrownMessage: /\bAggregateError\b|\b(bind|connect|getaddrinfo|query\w+|socket) E[A-Z]/,
    },
    "Could not connect. Check the address, and that the server is running.",
  ),
  config(
    "untrusted_certificate",
    { systemCode: /CERT|UNKNOWN_CA|LEAF_SIGNATURE|HOSTNAME_MISMATCH|INVALID_PURPOSE|HANDSHAKE_FAILURE/ },
    "The TLS certificate is not trusted, or the server requires a client certificate. Renew it, or set `tls.ca` or `tls.cert`.",
  ),
  config(
    "tls_handshake_failed",
    { systemCode: /^(EPROTO$|ERR_SSL_)/ },
    "The TLS handshake failed: the port does not speak TLS. Use the HTTPS port, or an http:// URL.",
  ),
  // The standard's fetch refuses some ports, such as 25 and 6000.
  config(
    "invalid_options",
    { thrownMessage: /\bbad port$/ },
    "The platform's fetch blocks this port. Use another port, or undiciFetch.",
  ),
  delivery(
    "timeout",
    { systemCode: /^(ETIMEDOUT|UND_ERR_(BODY|HEADERS)_TIMEOUT)$/, ambiguous: true },
    "The server did not answer in time.",
  ),
  config(
    "access_denied",
    { thrownMessage: /Proxy response \(407\)/ },
    "The proxy requires a username and password. Add them to the proxy URL.",
  ),
  delivery(
    "connection_failed",
    { thrownMessage: /Proxy response \(/ },
    "The proxy could not connect to the Data API.",
  ),
]

/** Every failure of a request. The first match wins. */
export const failures: readonly Failure[] = [...answerFailures, ...networkFailures, ...noResponseFailures]
