import type { Server } from "@singlesink/conformance"
import { openLab } from "./lab.ts"
import type { Finding, Question } from "./question.ts"
import type { ServerKind } from "./server-kind.ts"

/** What came of one question. */
export interface Answer {
  question: string
  findings: Finding[]
  /** Why there is nothing more, where that was not foreseen. */
  failed?: string
  /** What is left on the server although it should not be. */
  left: string[]
}

/** Asks one question, and leaves nothing on the server. It never throws: the other questions are asked anyway. */
export async function answer({ question, ask }: Question, server: Server, kind: ServerKind): Promise<Answer> {
  const lab = openLab(server, kind)
  let findings: Finding[] = []
  let failed: string | undefined
  try {
    findings = await ask(lab)
  } catch (error) {
    failed = (error as Error).message
  }
  const left = await lab.clean()
  await lab.close()
  return { question, findings, left, ...(failed === undefined ? {} : { failed }) }
}

export function toAnswerLines({ question, findings, failed, left }: Answer, number: number): string[] {
  return [
    `${number}. ${question}`,
    ...findings.map(({ tried, answer }) => `   ${tried}: ${answer}`),
    ...(failed === undefined ? [] : [`   no answer: ${failed}`]),
    ...left.map(what => `   left behind: ${what}`),
  ]
}

/** What the answers say of what we take for granted. */
export interface Comparison {
  lines: string[]
  /** Assumptions that an answer contradicts, and questions that have no answer or leave something behind. */
  differences: number
}

export function compare(
  { findings, failed, left }: Answer,
  number: number,
  { isEmulator }: ServerKind,
): Comparison {
  const lines: string[] = []
  let differences = 0
  for (const { answer, assumed } of findings) {
    if (assumed === undefined) continue
    const { says, holds, see, beyondEmulator } = assumed
    if (isEmulator && beyondEmulator) lines.push(`the emulator does not know: ${says}`)
    else if (holds) lines.push(`as assumed: ${says}`)
    else {
      differences++
      lines.push(`DIFFERENT: ${says}; but the answer is ${answer}; see ${see}`)
    }
  }
  if (failed !== undefined) {
    differences++
    lines.push("DIFFERENT: that there is an answer; see above")
  } else if (lines.length === 0) lines.push("nothing is assumed")
  if (left.length > 0) {
    differences++
    lines.push("DIFFERENT: that nothing is left behind; see above")
  }
  return { lines: lines.map(line => `${number}. ${line}`), differences }
}
