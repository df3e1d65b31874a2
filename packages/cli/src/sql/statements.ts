import { type ExitCode, exitCodes } from "../exit.ts"
import type { Output } from "../output/output.ts"

/** Statements without a semicolon at the end, and what a reader should know. */
export interface Statements {
  readonly notes: readonly string[]
  readonly statements: readonly string[]
}

/** Prints statements that a SQL client can run, with the notes as comments before them. */
export function printStatements(output: Output, { notes, statements }: Statements): ExitCode {
  output.print(toScript({ notes, statements }))
  output.printJson({ statements, notes })
  return exitCodes.ok
}

export function toScript({ notes, statements }: Statements): string {
  const comments = notes.map(note => `${toComment(note)}\n`).join("")
  return `${comments}${statements.map(statement => `${statement};`).join("\n\n")}`
}

/** One line, because a line break would end the comment. */
function toComment(note: string): string {
  return `-- ${note.replace(/[\p{Cc}\u2028\u2029]/gu, "·")}`
}
