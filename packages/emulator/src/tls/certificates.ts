import { isIP } from "node:net"

/** What a server shows: a certificate that is in order, or one that has a single fault. */
export type CertificateKind = (typeof certificateKinds)[number]
export const certificateKinds = ["trusted", "self_signed", "expired", "wrong_name"] as const

/** A certificate and its private key, both PEM. */
export interface Identity {
  cert: string
  key: string
}

export interface Certificates {
  /** The certificate of the authority that issued the others, PEM. */
  ca: string
  server: Identity
  client: Identity
}

const elliptic = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const
const inOrder = { notBeforeDate: days(-1), notAfterDate: days(365) }

/** Makes an authority, a certificate for a server under these names, and one for a client. */
export async function createCertificates(kind: CertificateKind, names: string[]): Promise<Certificates> {
  // Most emulators speak plain HTTP, and they do not wait for this to load.
  const { generate } = await import("selfsigned")
  const authority = await generate(named("singlesink emulator authority"), {
    ...elliptic,
    ...inOrder,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  })
  const issuer = kind === "self_signed" ? {} : { ca: { key: authority.private, cert: authority.cert } }
  const server = await generate(named("singlesink emulator"), {
    ...elliptic,
    ...(kind === "expired" ? { notBeforeDate: days(-30), notAfterDate: days(-1) } : inOrder),
    ...issuer,
    extensions: [
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: (kind === "wrong_name" ? ["elsewhere.invalid"] : names).map(name =>
          isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name },
        ),
      },
    ],
  })
  const client = await generate(named("singlesink emulator client"), {
    ...elliptic,
    ...inOrder,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: "extKeyUsage", clientAuth: true }],
  })
  return {
    ca: authority.cert,
    server: { cert: server.cert, key: server.private },
    client: { cert: client.cert, key: client.private },
  }
}

function named(value: string) {
  return [{ name: "commonName", value }]
}

function days(count: number): Date {
  return new Date(Date.now() + count * 86_400_000)
}
