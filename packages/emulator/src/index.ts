/**
 * A Data API on your machine, with fault injection.
 *
 * @module @singlesink/emulator
 */

export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts"
export type {
  BodyLimitFault,
  DelayFault,
  DisconnectFault,
  Fault,
  FaultKind,
  HangFault,
  RejectRowsFault,
  ResetFault,
  RespondFault,
  TruncateFault,
} from "./faults/fault.ts"
export type { FaultHandle } from "./faults/faults.ts"
export type { RedirectedRequest } from "./faults/redirect-target.ts"
export type { Privilege } from "./grants.ts"
export type { EmulatorRequest } from "./http/log.ts"
export type { CertificateKind } from "./tls/certificates.ts"
export type { EmulatorTls, TlsOption } from "./tls/tls.ts"
