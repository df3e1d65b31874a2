export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts"
export type { RedirectedRequest } from "./faults/elsewhere.ts"
export type { FaultHandle } from "./faults/fail.ts"
export type {
  BodyLimitFault,
  CommitThenFault,
  DropTableFault,
  EngineErrorFault,
  Fault,
  FaultKind,
  HangFault,
  HtmlFault,
  RecoveringFault,
  RecreateTableFault,
  RedirectFault,
  RefuseRowsFault,
  ResetFault,
  SlowBodyFault,
  SlowHeadersFault,
  StaleSocketFault,
  StatusFault,
  TruncatedFault,
  WrongPasswordFault,
} from "./faults/fault.ts"
export type { Privilege } from "./grants.ts"
export type { EmulatorRequest } from "./http/log.ts"
export type { CertificateKind } from "./tls/certificates.ts"
export type { EmulatorTls, TlsOption } from "./tls/tls.ts"
