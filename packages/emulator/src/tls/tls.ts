import { createServer, type RequestListener } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { Server } from "node:net"
import { followTcp } from "../http/reset.ts"
import { type CertificateKind, certificateKinds, createCertificates, type Identity } from "./certificates.ts"

export type TlsOption =
  | CertificateKind
  | {
      certificate: CertificateKind
      /** Clients without a certificate of `emulator.tls.client`'s authority are turned away. */
      clientCertificate: "required"
    }

/** What a client needs in order to speak TLS with the emulator. */
export interface EmulatorTls {
  /** The authority to trust, as PEM: with it, only what is wrong with the server's certificate remains wrong. */
  ca: string
  /** A certificate that the server accepts from a client, and its private key, as PEM. */
  client: Identity
}

/** How the emulator's servers are made: over plain TCP, or over TLS. */
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
    createServer(listener) {
      const created = createTlsServer({ ...server, ...demand }, listener)
      followTcp(created)
      return created
    },
    tls: { ca, client },
  }
}

function readOption(option: TlsOption): { certificate: CertificateKind; clientCertificate?: "required" } {
  const read = typeof option === "string" ? { certificate: option } : option
  if (!certificateKinds.includes(read.certificate)) {
    throw new TypeError(`"tls" must be one of ${certificateKinds.join(", ")}, not ${JSON.stringify(option)}.`)
  }
  if ("clientCertificate" in read && read.clientCertificate !== "required") {
    throw new TypeError(
      `"clientCertificate" must be "required" or absent, not ${JSON.stringify(read.clientCertificate)}.`,
    )
  }
  return read
}
