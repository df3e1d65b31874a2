import { readFileSync } from "node:fs"
import { minify } from "terser"
import type { UserConfig } from "tsdown"

/** How every package is built: ESM and CommonJS with types, checked by publint and "are the types wrong". */
const everyPackage = {
  cwd: process.cwd(),
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "neutral",
  // With .js and .cjs on every platform.
  fixedExtension: false,
  outputOptions: { exports: "named" },
  // Our own packages are bundled from their sources, so that a test can bundle without a build.
  inputOptions: { resolve: { conditionNames: ["@singlesink/source", "import", "default"] } },
  dts: true,
  clean: true,
  publint: true,
  attw: { profile: "strict", level: "error" },
} satisfies UserConfig

const unchecked = { publint: false, attw: false } as const

// A Jitsu user installs one package: ours are inside, types included.
const allInside: NonNullable<UserConfig["deps"]> = {
  alwaysBundle: [/^@singlesink\//],
  onlyBundle: false,
}

/** Properties that no option, event, result or function of Jitsu has. In the single file their names are shortened. */
const internalProperties =
  /^(submission|offset|chunks|quotesNames|secrets|isTruncated|bytesOf|baseBytes|mayLinger|inDoubt|startedAt|systemCode|thrownMessage|otherwise|engineCodes|statuses|minStatus|isEmpty|baseUrl|authorize|toBody|submissions|sinkOf|readRow|onSystemic|isText|isRenewable|isOverdue|isHalf|hasRoom|fromArgs|encodeInBody|elapsedMs|columnCount|closeBatch|checkEvent|cancelBackoff|batcher|argsStart|requestLimit|toError)$/

/** The Jitsu function as a single file: an ES module that imports nothing, to paste, upload or deploy. */
export const jitsuBundle: UserConfig = {
  ...everyPackage,
  ...unchecked,
  entry: { bundle: "src/index.ts" },
  format: "esm",
  minify: true,
  // Another 400 bytes of the compressed file.
  plugins: [
    {
      name: "terser",
      async generateBundle(_, files) {
        for (const file of Object.values(files)) {
          if (file.type !== "chunk") continue
          const compress = { passes: 3, unsafe_arrows: true }
          const mangle = { properties: { regex: internalProperties } }
          const { code } = await minify(file.code, { module: true, ecma: 2022, compress, mangle })
          if (code !== undefined) file.code = code
        }
      },
    },
  ],
  // The sources have no getters with side effects. For writes this would be wrong: it would remove those to an object
  // that is spread later.
  treeshake: { propertyReadSideEffects: false },
  dts: false,
  clean: false,
  deps: allInside,
}

/** The Segment destination for bundlers: it imports actions-core, and a bundler finds the copy of whoever imports that. */
export const segmentModule: UserConfig = {
  ...everyPackage,
  ...unchecked,
  entry: { module: "src/index.ts" },
  format: "esm",
  dts: false,
  clean: false,
}

/** What differs from package to package. */
const builds: Record<string, UserConfig[]> = {
  "@singlesink/core": [
    {
      entry: {
        index: "src/index.ts",
        "json-schema": "src/json-schema.ts",
        validation: "src/validation/index.ts",
      },
    },
  ],
  "@singlesink/data-api": [
    {
      entry: {
        index: "src/index.ts",
        exact: "src/query/exact.ts",
        "public-hosts": "src/public-hosts/public-hosts.ts",
        transport: "src/transport.ts",
        undici: "src/undici/undici.ts",
      },
    },
  ],
  "@singlesink/emulator": [
    { platform: "node" },
    { platform: "node", entry: ["src/cli.ts"], format: "esm", dts: false, clean: false, ...unchecked },
  ],
  "@singlesink/cli": [
    // `explain` prints a page of the documentation, so it is in the package.
    {
      platform: "node",
      entry: { bin: "src/bin.ts" },
      format: "esm",
      dts: false,
      copy: "../../docs/operating.md",
      ...unchecked,
    },
  ],
  "@singlesink/receiver": [
    {
      platform: "node",
      entry: { index: "src/index.ts", "dead-letters": "src/dead-letters/index.ts" },
      // Node 20.19 and later also load it with require().
      format: "esm",
      attw: { profile: "esm-only", level: "error" },
    },
  ],
  "@singlesink/jitsu": [
    // The bundle is plain JavaScript for a sandbox. It is not imported, so it has no types.
    { deps: allInside, attw: { ...everyPackage.attw, excludeEntrypoints: ["./bundle"] } },
    jitsuBundle,
  ],
  "@singlesink/segment": [
    { format: "cjs" },
    // In Node the ES module passes on what the CommonJS build exports: actions-core has no ES module that Node can load, and
    // with a second copy of it our MultiStatusResponse would not be recognised.
    { entry: { index: "src/esm.ts" }, format: "esm", platform: "node", clean: false, ...unchecked },
    segmentModule,
  ],
  // Our packages stay external, as built. Only the tooling is bundled.
  "@singlesink/e2e": [
    {
      entry: {
        browsers: "src/browsers/cli.ts",
        "command-line": "src/command-line/cli.ts",
        demo: "src/demo/cli.ts",
        environments: "src/environments/cli.ts",
        examples: "src/examples/cli.ts",
        jitsu: "src/jitsu/cli.ts",
        live: "src/live/cli.ts",
        operating: "src/operating/cli.ts",
        singlestore: "src/singlestore/cli.ts",
        site: "src/site/cli.ts",
        upstream: "src/upstream/cli.ts",
      },
      format: "esm",
      platform: "node",
      dts: false,
      deps: { onlyBundle: false },
      ...unchecked,
    },
  ],
  "@singlesink/chaos": [
    {
      entry: { chaos: "src/cli.ts", receiver: "src/receiver/subject.ts", writer: "src/writer.ts" },
      format: "esm",
      platform: "node",
      dts: false,
      deps: { onlyBundle: false },
      ...unchecked,
    },
  ],
  "@singlesink/release": [
    {
      entry: { api: "src/api/cli.ts", release: "src/cli.ts" },
      format: "esm",
      platform: "node",
      dts: false,
      ...unchecked,
    },
  ],
  "@singlesink/bench": [
    {
      entry: {
        bench: "src/cli.ts",
        loop: "src/command-line/loop.ts",
        server: "src/data-api/server.ts",
        subject: "src/receiver/subject.ts",
      },
      format: "esm",
      platform: "node",
      dts: false,
      deps: { onlyBundle: false },
      ...unchecked,
    },
  ],
}

const { name } = JSON.parse(readFileSync("package.json", "utf8")) as { name: string }

const config: UserConfig[] = (builds[name] ?? [{}]).map(differences => ({ ...everyPackage, ...differences }))
export default config
