import type { Engine } from "../engine.ts"
import { checkFault } from "./check.ts"
import type { Elsewhere } from "./elsewhere.ts"
import type { FaultEntry, Faults } from "./faults.ts"
import { changeTable } from "./tables.ts"

/** Puts a fault in force. Rejects with a TypeError that says in one sentence what is wrong with it. */
export type Fail = (input: unknown) => Promise<FaultEntry>

/** A fault in force. */
export interface FaultHandle {
  /** How many requests it has hit; 1 for a change of a table, which is done at once. */
  readonly fired: number
  /** Ends it for the requests to come. What was done to a table stays done. */
  stop(): void
}

interface Means {
  faults: Faults
  engine: Engine
  elsewhere: Elsewhere
  /** Where tables are looked for. */
  database: string | undefined
}

export function createFail({ faults, engine, elsewhere, database }: Means): Fail {
  return async input => {
    const fault = checkFault(input)
    if (fault.kind === "drop_table" || fault.kind === "recreate_table") {
      await changeTable(engine, fault, database)
    }
    if (fault.kind === "redirect") await elsewhere.start()
    return faults.add(fault)
  }
}

export function toHandle(faults: Faults, entry: FaultEntry): FaultHandle {
  return {
    get fired() {
      return entry.fired
    },
    stop() {
      faults.stop(entry.id)
    },
  }
}
