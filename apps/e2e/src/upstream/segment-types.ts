import { mkdir, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import destination from "@singlesink/segment"
import { compile, type JSONSchema } from "json-schema-to-typescript"

// Node cannot load the ES modules of actions-core.
const { fieldsToJsonSchema }: typeof import("@segment/actions-core") = createRequire(import.meta.url)(
  "@segment/actions-core",
)

type Fields = Parameters<typeof fieldsToJsonSchema>[0]

const style = { semi: false, singleQuote: true, trailingComma: "none" } as const
const bannerComment = "// Generated file. DO NOT MODIFY IT BY HAND."

/** Writes the `generated-types.ts` files, as the command line of Segment's repository does. */
export async function writeSegmentTypes(checkout: string): Promise<void> {
  const folder = join(checkout, "packages/destination-actions/src/destinations/singlestore")
  await write(folder, "Settings", destination.authentication?.fields)
  for (const [name, action] of Object.entries(destination.actions))
    await write(join(folder, name), "Payload", action.fields as Fields)
}

async function write(folder: string, name: string, fields: Fields): Promise<void> {
  // A title would become the name of a type of its own.
  const withoutTitle = (key: string, value: unknown) =>
    key === "title" && typeof value === "string" ? undefined : value
  const schema: JSONSchema = JSON.parse(
    JSON.stringify(fieldsToJsonSchema(fields, { tsType: true }), withoutTitle),
  )
  const text = await compile(schema, name, { bannerComment, style })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, "generated-types.ts"), text)
}
