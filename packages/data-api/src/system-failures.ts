import { answerFailures, type Failure, lossFailures } from "./failures.ts"

/** What Node and undici say where no answer came. A sandbox has neither. */
const systemFailures: readonly Failure[] = [
  {
    // UND_ERR_CLOSED and _DESTROYED: the pool was closed before, by whoever made it.
    systemCode:
      /^(EADDRNOTAVAIL|EAI_AGAIN|ECONNREFUSED|EHOST(DOWN|UNREACH)|ENET(DOWN|UNREACH)|ENOTFOUND|UND_ERR_(CLOSED|CONNECT_TIMEOUT|DESTROYED))$/,
    error: "DeliveryError",
    code: "unreachable",
    says: "No connection comes about. Check the address, and that the server runs.",
  },
  {
    systemCode: /CERT|UNKNOWN_CA|LEAF_SIGNATURE|HOSTNAME_MISMATCH|INVALID_PURPOSE|HANDSHAKE_FAILURE/,
    error: "ConfigError",
    code: "bad_certificate",
    says: "A certificate is not trusted, or the server asks for one. Renew it, or give tls.ca or tls.cert.",
  },
  {
    systemCode: /^(EPROTO$|ERR_SSL_)/,
    error: "ConfigError",
    code: "no_tls",
    says: "There is no TLS that we speak at this port. Give another port, or a url that begins with http.",
  },
  {
    // What the standard's fetch says of a port that it refuses, such as 25 or 6000.
    thrown: /\bbad port$/,
    error: "ConfigError",
    code: "bad_options",
    says: "The platform's fetch refuses this port. Use another one, or undiciFetch.",
  },
  {
    systemCode: /^(ETIMEDOUT|UND_ERR_(BODY|HEADERS)_TIMEOUT)$/,
    error: "DeliveryError",
    code: "timeout",
    ambiguous: true,
    says: "No answer came in time, and the work may have been done.",
  },
  {
    thrown: /Proxy response \(407\)/,
    error: "ConfigError",
    code: "access_denied",
    says: "The proxy asks for user name and password. Give them in its URL.",
  },
  {
    thrown: /Proxy response \(/,
    error: "DeliveryError",
    code: "unreachable",
    says: "The proxy makes no connection to the Data API.",
  },
]

/** Everything that can go wrong with a request, what tells most first. */
export const failures: readonly Failure[] = [...answerFailures, ...systemFailures, ...lossFailures]
