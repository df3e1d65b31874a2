import { createServer, type RequestListener } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { Server } from "node:net"
import { type CertificateKind, certificateKinds, createCertificates, type Identity } from "./certificates.ts"

/** Which certificate the server has, and whether it asks for one. */
export type TlsOption =
  | CertificateKind
  | {
      certificate: CertificateKind
      /** Refuses clients without a certificate of the authority, such as `emulator.tls.client`. */
      clientCertificate: "required"
    }

/** The certificates that a client needs. */
export interface EmulatorTls {
  /** The authority to trust, in PEM format. It did not issue a self-signed certificate. */
  ca: string
  /** A client certificate that the server accepts. */
  client: Identity
}

/** Creates the servers of the emulator, with or without TLS. */
export interface Transport {
  scheme: "http" | "https"
  createServer(listener: RequestListener): Server
  tls: EmulatorTls | undefined
}

export async function createTransport(option: TlsOption | undefined, host: string): Promise<Transport> {
  if (option === undefined) return { scheme: "http", createServer, tls: undefined }
  const { certificate, clientCertificate } = readOption(option)
  const names = [...new Set(["localhost", "127.0.0.1", "::1", host])]
  const { ca, server, client } = await createCertificates(certificate, names)
  const demand = clientCertificate === "required" ? { ca, requestCert: true } : {}
  return {
    scheme: "https",
    createServer: listener => createTlsServer({ ...server, ...demand }, listener),
    tls: { ca, client },
  }
}

function readOption(
  option: TlsOption,
): Exclude<TlsOption, string> | { certificate: CertificateKind; clientCertificate?: never } {
  const read = typeof option === "string" ? { certificate: option } : option
  if (certificateKinds.includes(read.certificate)) return read
  throw new TypeError(`\`tls\` must be one of ${certificateKinds.join(", ")}, not ${JSON.stringify(option)}.`)
}
