/**
 * Refuses private addresses.
 *
 * @module @singlesink/data-api/public-hosts
 */

import dns from "node:dns/promises"
import { BlockList, isIP } from "node:net"
import { ConfigError, DeliveryError } from "@singlesink/core"

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const special4 = toBlockList(
  "ipv4",
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4",
)

/** Everything else of IPv6 is local, reserved, or embeds an IPv4 address. */
const global6 = toBlockList("ipv6", "2000::/3")

/** @see https://www.iana.org/assignments/iana-ipv6-special-registry */
const special6 = toBlockList("ipv6", "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20")

function toBlockList(family: "ipv4" | "ipv6", networks: string): BlockList {
  const list = new BlockList()
  for (const network of networks.split(" ")) {
    const [address = "", prefix] = network.split("/")
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}

/** An address that a name resolves to, as Node's `lookup` returns it. */
export interface ResolvedAddress {
  address: string
  family: number
}

/**
 * Resolves a host for a service that connects to hosts of its users, so that it cannot be used to reach the service's own
 * network. Connect to one of the returned addresses: at the next lookup the name may have another one.
 *
 * @param hostname as a URL parser writes it: `new URL(url).hostname`
 * @throws ConfigError if one of its addresses is not public; DeliveryError if it has none
 * @example
 * const [{ address }] = await lookupPublicHost(new URL("https://db.example.com").hostname)
 */
export async function lookupPublicHost(hostname: string): Promise<ResolvedAddress[]> {
  const literal = hostname.replace(/^\[(.*)\]$/, "$1")
  const family = isIP(literal)
  const addresses = family === 0 ? await resolve(literal) : [{ address: literal, family }]
  if (!addresses.every(({ address }) => isPublicAddress(address))) {
    const message =
      "The host is not on the public internet, and this service must not reach it. Use a public host."
    throw new ConfigError({ code: "private_host", message })
  }
  return addresses
}

async function resolve(name: string): Promise<ResolvedAddress[]> {
  const addresses = await dns.lookup(name, { all: true }).catch(() => [])
  if (addresses.length > 0) return addresses
  const message = "The host name has no address now. Check it."
  throw new DeliveryError({ code: "connection_failed", message })
}

/**
 * Whether an address belongs to a host on the public internet. IPv6 addresses that embed an IPv4 address do not.
 *
 * @example
 * isPublicAddress("10.0.0.1") // false
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, "ipv4")
    case 6:
      return global6.check(address, "ipv6") && !special6.check(address, "ipv6")
    default:
      return false
  }
}
