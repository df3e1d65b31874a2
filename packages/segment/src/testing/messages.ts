import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** A string in the source of another package that reads like a part of a message. */
export interface Message {
  /** Relative to the folder of the packages. */
  file: string
  text: string
}

const packages = fileURLToPath(new URL("../../..", import.meta.url))

/** The messages in the sources of the packages below, as they are written there. */
export function readMessages(): Message[] {
  return ["core", "data-api"].flatMap(name => {
    const folder = `${name}/src`
    const files = (readdirSync(packages + folder, { recursive: true }) as string[]).sort()
    return files
      .map(file => `${folder}/${file.replaceAll("\\", "/")}`)
      .filter(file => /(?<!\.test)\.ts$/.test(file) && !/\/(testing|model)\//.test(file))
      .flatMap(file => toMessages(file, readFileSync(packages + file, "utf8")))
  })
}

function toMessages(file: string, source: string): Message[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "")
  return [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n]|\\.)*)`/g)]
    .map(([, plain, template]) => (plain ?? template ?? "").replace(/\\(.)/g, "$1"))
    .filter(text => /[a-z] [a-z]/.test(text))
    .map(text => ({ file, text }))
}
