import type { Server } from "@singlesink/conformance"
import { openLab } from "./lab.ts"
import type { Finding, Question } from "./question.ts"
import type { ServerKind } from "./server-kind.ts"

/** The result of one question. */
export interface Answer {
  question: string
  findings: Finding[]
  /** The message of an unexpected error. */
  failed?: string
  /** Everything that could not be removed from the server. */
  left: string[]
}

/** Asks one question and cleans up the server. It never throws, so the other questions are still asked. */
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

/** The assumptions of the code, compared with the answers. */
export interface Comparison {
  lines: string[]
  /** Counts contradicted assumptions, unanswered questions, and questions that leave something behind. */
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
    if (isEmulator && beyondEmulator) lines.push(`beyond the emulator: ${says}`)
    else if (holds) lines.push(`as assumed: ${says}`)
    else {
      differences++
      lines.push(`DIFFERENT: ${says}; but the answer is ${answer}; see ${see}`)
    }
  }
  if (failed !== undefined) {
    differences++
    lines.push("DIFFERENT: there is no answer; see above")
  } else if (lines.length === 0) lines.push("nothing is assumed")
  if (left.length > 0) {
    differences++
    lines.push("DIFFERENT: something is left behind; see above")
  }
  return { lines: lines.map(line => `${number}. ${line}`), differences }
}
