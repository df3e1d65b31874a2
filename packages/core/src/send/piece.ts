import type { Batch } from "../batch/batch.ts"
import type { SinkError } from "../errors.ts"

/** The final result of rows that were sent together: a batch, or a part of one. */
export interface PieceResult {
  batch: Batch
  result: { status: "inserted"; duplicates: number } | { status: "error"; error: SinkError }
}

/** A piece whose rows were not stored. */
export interface FailedPiece extends PieceResult {
  result: { status: "error"; error: SinkError }
}
