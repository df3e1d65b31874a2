import type { Lab } from "./lab.ts"

/** Something that no document says of the server. */
export interface Question {
  question: string
  ask(lab: Lab): Promise<Finding[]>
}

/** One thing that was tried, and what came of it. */
export interface Finding {
  tried: string
  answer: string
  /** What we take for granted of it; left out: nothing. */
  assumed?: Assumption
}

export interface Assumption {
  says: string
  /** Whether the answer agrees. */
  holds: boolean
  /** What to change where it does not. */
  see: string
  /** The emulator has nothing of the kind, so that its answer proves nothing. */
  beyondEmulator?: true
}

/** Choices that the emulator made where nothing is documented. */
export const emulatorReadme = "packages/emulator/README.md"
