import type { Contract, Schema } from "@singlesink/core"
import { CommandError } from "../exit.ts"
import { readTextFile } from "../settings/secret.ts"

/** Keywords that make an object a JSON Schema, and not a map of event names. */
const keywords = ["$schema", "$ref", "type", "properties", "required", "allOf", "anyOf", "oneOf"]

/**
 * Reads `--schema`: a file with one JSON Schema for all events, or with a JSON Schema for each event name.
 *
 * @throws CommandError if the file is neither
 */
export async function readContract(file: string): Promise<Contract> {
  const content = parse(file)
  // ajv is large, and most loads have no schema.
  const { fromJsonSchema } = await import("@singlesink/core/json-schema")
  if (keywords.some(keyword => isKeyword(content, keyword)))
    return toSchema(fromJsonSchema, content, file, "the file")
  return Object.fromEntries(
    Object.entries(content).map(([name, schema]) => {
      if (isObject(schema)) return [name, toSchema(fromJsonSchema, schema, file, `"${name}"`)]
      throw new CommandError(`${file}: "${name}" must be a JSON Schema, which is an object.`)
    }),
  )
}

function parse(file: string): Record<string, unknown> {
  const text = readTextFile(file, "--schema")
  try {
    const content: unknown = JSON.parse(text)
    if (isObject(content)) return content
  } catch {}
  throw new CommandError(
    `${file} is not a schema. --schema takes a JSON Schema, or an object with a JSON Schema for each event name.`,
  )
}

/** An event may be called `type`, but then its schema is an object. */
function isKeyword(content: Readonly<Record<string, unknown>>, keyword: string): boolean {
  const value = content[keyword]
  return typeof value === "string" || Array.isArray(value) || (keyword === "properties" && isObject(value))
}

function toSchema(fromJsonSchema: (schema: object) => Schema, schema: object, file: string, name: string) {
  try {
    return fromJsonSchema(schema)
  } catch (error) {
    throw new CommandError(`${file}: ${name} is not a valid JSON Schema: ${(error as Error).message}.`)
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
