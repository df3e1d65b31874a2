import type { Lab } from "./lab.ts"

/** A question about undocumented behaviour of the server. */
export interface Question {
  question: string
  ask(lab: Lab): Promise<Finding[]>
}

/** One attempt and its result. */
export interface Finding {
  tried: string
  answer: string
  /** The assumption of the code, if there is one. */
  assumed?: Assumption
}

export interface Assumption {
  says: string
  /** Whether the answer agrees. */
  holds: boolean
  /** The file to change if it does not. */
  see: string
  /** The emulator does not implement this, so its answer proves nothing. */
  beyondEmulator?: true
}

/** Lists the choices of the emulator for undocumented behaviour. */
export const emulatorReadme = "packages/emulator/README.md"
