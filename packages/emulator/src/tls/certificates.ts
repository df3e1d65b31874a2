import { isIP } from "node:net"

/** The certificate of the server: valid, or with a single defect. */
export type CertificateKind = (typeof certificateKinds)[number]
export const certificateKinds = ["trusted", "self_signed", "expired", "wrong_name"] as const

/** A certificate and its private key, in PEM format. */
export interface Identity {
  cert: string
  key: string
}

export interface Certificates {
  /** The certificate of the issuing authority, in PEM format. */
  ca: string
  server: Identity
  client: Identity
}

/** Creates an authority, a server certificate with these names, and a client certificate. */
export async function createCertificates(kind: CertificateKind, names: string[]): Promise<Certificates> {
  // Loaded here, because most emulators serve plain HTTP.
  const { generate } = await import("selfsigned")
  const issue = async (name: string, extensions: object[], ca?: Identity, start = -1, end = 365) => {
    const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
      ...{ keyType: "ec", curve: "P-256", algorithm: "sha256", extensions: extensions as [] },
      ...{ notBeforeDate: toDate(start), notAfterDate: toDate(end) },
      ...(ca && { ca }),
    })
    return { cert, key }
  }
  const authority = await issue("singlesink emulator authority", [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, critical: true },
  ])
  const altNames = (kind === "wrong_name" ? ["elsewhere.invalid"] : names).map(name =>
    isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name },
  )
  const server = await issue(
    "singlesink emulator",
    [
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
    kind === "self_signed" ? undefined : authority,
    ...(kind === "expired" ? [-30, -1] : []),
  )
  const client = await issue(
    "singlesink emulator client",
    [{ name: "extKeyUsage", clientAuth: true }],
    authority,
  )
  return { ca: authority.cert, server, client }
}

/** The date in so many days. */
function toDate(days: number): Date {
  return new Date(Date.now() + days * 86_400_000)
}
