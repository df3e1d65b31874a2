import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import ts from "typescript"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { createProgram, here, root } from "../program.ts"
import { applyChange } from "./change.ts"
import { writeSegmentTypes } from "./segment-types.ts"

const versions = new Map([
  ["@singlesink/jitsu", "1.2.3"],
  ["@singlesink/segment", "1.2.3"],
])

/** The lines of Jitsu's files that the change is inserted after, with what they need to compile. */
const jitsu = {
  "libs/destination-functions/package.json": '{ "dependencies": { "zod": "^3.23.8" } }',
  "libs/destination-functions/src/index.ts": [
    'import type { JitsuFunction } from "@jitsu/protocols/functions";',
    'import StatsigDestination from "./functions/statsig-destination";',
    "export const builtinDestinations: Record<string, JitsuFunction> = {",
    '  "builtin.destination.statsig": StatsigDestination as JitsuFunction,',
    "};",
  ].join("\n"),
  "libs/destination-functions/src/functions/statsig-destination.ts":
    'import type { JitsuFunction } from "@jitsu/protocols/functions";\nexport default (() => undefined) as JitsuFunction;',
  "libs/destination-functions/src/meta.ts": "export const HubspotCredentials = {};",
  "webapps/console/lib/schema/destinations.tsx": [
    'import { SomeZodObject, z } from "zod";',
    'import { HubspotCredentials } from "@jitsu/destination-functions/src/meta";',
    "export type PropertyUI = { displayName?: string; password?: boolean; hidden?: boolean | ((obj: any) => boolean) };",
    "const CloudDestinationsConnectionOptions = z.object({});",
    "type DestinationType<T = any> = { id: string; title: string; tags: string | string[]; credentials: SomeZodObject;",
    "  connectionOptions: SomeZodObject; credentialsUi?: Record<string, PropertyUI>; description: string };",
    "export const coreDestinations: DestinationType<any>[] = [",
    "];",
    "export { HubspotCredentials };",
  ].join("\n"),
}

const segment = {
  "packages/destination-actions/package.json": '{ "dependencies": { "zod": "^4.0.0" } }',
  "packages/destination-actions/src/destinations/singlestore/util.ts": "export const old = 1",
}

describe("changes for the hosts' repositories", () => {
  let checkout = ""
  beforeEach(async () => {
    checkout = await mkdtemp(join(tmpdir(), "singlesink-"))
  })
  afterEach(() => rm(checkout, { recursive: true, force: true }))

  const source = (host: string) => join(root, "docs/upstream", host)

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(checkout, dirname(name)), { recursive: true })
      await writeFile(join(checkout, name), text)
    }
  }

  async function readAll(): Promise<Map<string, string>> {
    const texts = new Map<string, string>()
    for (const name of await readdir(checkout, { recursive: true })) {
      if (/\.tsx?$/.test(name)) texts.set(name, await readFile(join(checkout, name), "utf8"))
    }
    return texts
  }

  /** What the compiler says of the changed files, which it reads as files of this package. */
  async function compile(): Promise<string[]> {
    const texts = new Map(
      [...(await readAll())].map(([name, text]): [string, string] => [
        join(here, "upstream/checkout", name),
        // Jitsu uses zod 3.
        text
          .replace('from "zod"', 'from "zod/v3"')
          .replaceAll("@jitsu/destination-functions/src", "../../../../libs/destination-functions/src"),
      ]),
    )
    const program = createProgram(texts, {
      // As both hosts compile.
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: false,
      exactOptionalPropertyTypes: false,
      noImplicitAny: false,
      jsx: ts.JsxEmit.Preserve,
    })
    return ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      )
  }

  test("The change for Jitsu compiles with its published types", { timeout: 60_000 }, async () => {
    await write(jitsu)
    await applyChange(source("jitsu"), checkout, versions)
    expect(await compile()).toEqual([])
    const texts = await readAll()
    expect(texts.get("libs/destination-functions/src/index.ts")).toContain("builtin.destination.singlestore")
    expect(texts.get("webapps/console/lib/schema/destinations.tsx")).toContain('id: "singlestore"')
    const manifest = await readFile(join(checkout, "libs/destination-functions/package.json"), "utf8")
    expect(JSON.parse(manifest).dependencies).toEqual({ "@singlesink/jitsu": "^1.2.3", zod: "^3.23.8" })
  })

  test("The change for Segment compiles with its published types", { timeout: 60_000 }, async () => {
    await write(segment)
    await applyChange(source("segment"), checkout, versions)
    await writeSegmentTypes(checkout)
    expect(await compile()).toEqual([])
    const folder = "packages/destination-actions/src/destinations/singlestore"
    const texts = await readAll()
    expect([...texts.keys()].sort()).toEqual([
      `${folder}/generated-types.ts`,
      `${folder}/index.ts`,
      `${folder}/send/generated-types.ts`,
    ])
    expect(texts.get(`${folder}/generated-types.ts`)).toContain("dbName: string")
  })

  test("A wrong type in the change for Jitsu is found", { timeout: 60_000 }, async () => {
    await write(jitsu)
    await applyChange(source("jitsu"), checkout, versions)
    const file = join(checkout, "libs/destination-functions/src/functions/singlestore-destination.ts")
    await writeFile(file, (await readFile(file, "utf8")).replace("displayName = ", "displayName = 1 + +"))
    expect(await compile()).not.toEqual([])
  })

  test("A checkout without the line of an edit stays unchanged", async () => {
    const before = { ...jitsu, "webapps/console/lib/schema/destinations.tsx": "export {}" }
    await write(before)
    await expect(applyChange(source("jitsu"), checkout, versions)).rejects.toThrow(
      "does not contain this line",
    )
    expect(await readFile(join(checkout, "libs/destination-functions/src/index.ts"), "utf8")).toBe(
      jitsu["libs/destination-functions/src/index.ts"],
    )
  })

  test("A change cannot be made twice", async () => {
    await write(jitsu)
    await applyChange(source("jitsu"), checkout, versions)
    await expect(applyChange(source("jitsu"), checkout, versions)).rejects.toThrow("changed already")
  })

  test("A folder that is not a checkout is named in the error", async () => {
    await expect(applyChange(source("segment"), checkout, versions)).rejects.toThrow("action-destinations")
  })
})
