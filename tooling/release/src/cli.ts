import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { findObstacles, type PackageManifest, type RootManifest } from "./readiness.ts"
import { toAbsoluteLinks } from "./readme-links.ts"

const help = `pnpm release: publish every package whose version is not in the registry

  --dry-run   check that a release could start, pack the packages, and publish nothing
  --help      show this help`

const root = fileURLToPath(new URL("../../../", import.meta.url))
const isDryRun = readFlags()

if (isDryRun === undefined) console.log(help)
else release(isDryRun)

/** Undefined if the help was asked for. */
function readFlags(): boolean | undefined {
  const options = { "dry-run": { type: "boolean" }, help: { type: "boolean", short: "h" } } as const
  const { values } = parseArgs({ args: process.argv.slice(2).filter(arg => arg !== "--"), options })
  return values.help === true ? undefined : values["dry-run"] === true
}

function release(isDryRun: boolean): void {
  const directories = readdirSync(`${root}packages`).map(name => `packages/${name}`)
  const packages = directories.map(directory => readJson<PackageManifest>(`${directory}/package.json`))
  const manifest = readJson<RootManifest>("package.json")
  const changesets = readdirSync(`${root}.changeset`).filter(
    name => name.endsWith(".md") && name !== "README.md",
  )
  const changes = execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" }).trim()
  const published = packages.filter(manifest => manifest.private !== true)
  const obstacles = findObstacles(manifest, published, { changes, changesets })
  if (obstacles.length > 0) {
    for (const obstacle of obstacles) console.error(`release: ${obstacle}`)
    process.exitCode = 1
    return
  }
  const flags = isDryRun ? ["--dry-run"] : ["--provenance"]
  withReadmesForNpm(directories, String(manifest.repository), () =>
    run("publish", "--recursive", "--access", "public", "--no-git-checks", ...flags),
  )
  if (!isDryRun) run("changeset", "tag")
}

/** Publishes the READMEs with absolute links, and leaves the files as they were. */
function withReadmesForNpm(directories: readonly string[], repository: string, publish: () => void): void {
  const readmes = directories.map(directory => {
    const path = `${root}${directory}/README.md`
    return { directory, path, text: readFileSync(path, "utf8") }
  })
  try {
    for (const { directory, path, text } of readmes)
      writeFileSync(path, toAbsoluteLinks(text, repository, directory))
    publish()
  } finally {
    for (const { path, text } of readmes) writeFileSync(path, text)
  }
}

function readJson<Value>(path: string): Value {
  return JSON.parse(readFileSync(root + path, "utf8")) as Value
}

function run(...args: readonly string[]): void {
  execFileSync("pnpm", args, { cwd: root, stdio: "inherit" })
}
