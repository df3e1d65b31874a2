/**
 * Schemas for `validate` of a JSON Schema.
 *
 * @module @singlesink/core/json-schema
 */

import { Ajv } from "ajv"
import type { Schema } from "./validation/schema.ts"

/**
 * Turns a JSON Schema into a schema for `validate`, for tracking plans that are kept as JSON Schema (draft 7, as Segment
 * Protocols exports it). It needs the package ajv. Formats are not checked, and keywords that ajv does not know are
 * ignored.
 *
 * @throws what ajv throws for an invalid schema
 * @example
 * const plan = { type: "object", properties: { properties: { type: "object", required: ["plan"] } } }
 * createSink({ transport, validate: { "Signed Up": fromJsonSchema(plan) } })
 */
export function fromJsonSchema(schema: object): Schema {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false })
  const validate = ajv.compile(schema)
  if ("$async" in validate) throw new Error("A JSON Schema with $async is not supported")
  return {
    "~standard": {
      version: 1,
      validate(value) {
        if (validate(value)) return { value }
        return {
          issues: (validate.errors ?? []).map(({ instancePath, params }) => ({
            path: toPath(instancePath, params),
          })),
        }
      },
    },
  }
}

/** The keys of a JSON Pointer, and the property that is missing or not allowed there. */
function toPath(pointer: string, { missingProperty, additionalProperty }: Record<string, unknown>): string[] {
  const keys = pointer.split("/").slice(1)
  const property = missingProperty ?? additionalProperty
  return [
    ...keys.map(key => key.replaceAll("~1", "/").replaceAll("~0", "~")),
    ...(typeof property === "string" ? [property] : []),
  ]
}
