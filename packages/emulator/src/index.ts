export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts"
export type { EmulatorRequest } from "./http/log.ts"
