import { lookup } from "node:dns/promises"
import { BlockList, isIP } from "node:net"
import { ConfigError } from "@singlesink/core"

/** Networks without public addresses. @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const networks =
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4"

/** The same of IPv6, with the ranges that embed IPv4 addresses. BlockList itself handles the mapped ones (::ffff:0:0/96). */
const networks6 = "::/127 64:ff9b::/96 2002::/16 fc00::/7 fe80::/10 ff00::/8"

const privateAddresses = new BlockList()
for (const network of `${networks} ${networks6}`.split(" ")) {
  const [address = "", prefix] = network.split("/")
  privateAddresses.addSubnet(address, Number(prefix), address.includes(":") ? "ipv6" : "ipv4")
}

/**
 * Rejects a host with a private address, so that a worker of many tenants cannot be used to reach its own network. It
 * does not prevent DNS rebinding: a name can have another address at the next lookup.
 *
 * @throws ConfigError
 */
export async function rejectPrivateHost(host: string): Promise<void> {
  const name = host.replace(/^\[|\]$/g, "")
  const addresses = isIP(name) ? [name] : await resolve(name)
  if (!addresses.some(isPrivate)) return
  const message = "The host is on a private network, which this worker must not reach. Use a public host."
  throw new ConfigError({ code: "invalid_options", message })
}

export function isPrivate(address: string): boolean {
  return privateAddresses.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")
}

async function resolve(name: string): Promise<string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address)
  } catch {
    // The request will report that the name is unknown.
    return []
  }
}
