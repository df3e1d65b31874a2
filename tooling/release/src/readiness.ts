/** The parts of the root package.json that a release needs. */
export interface RootManifest {
  readonly repository?: unknown
}

/** The parts of a published package.json that a reader of the registry sees. */
export interface PackageManifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean | undefined
  readonly description?: string | undefined
  readonly license?: string | undefined
  readonly keywords?: readonly string[] | undefined
  readonly files?: readonly string[] | undefined
  readonly engines?: { readonly node?: string | undefined } | undefined
  readonly sideEffects?: boolean | undefined
  readonly scripts?: Readonly<Record<string, string>> | undefined
}

/** What else decides whether a release may start. */
export interface Surroundings {
  /** The output of `git status --porcelain`. */
  readonly changes: string
  /** The names of the changesets that no version contains. */
  readonly changesets: readonly string[]
}

const repositoryForm = /^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+$/

/** Scripts that run on the machine of whoever installs a package. */
const installScripts = ["preinstall", "install", "postinstall", "prepare"]

/** Why nothing can be published: a sentence for each reason, with what to do. */
export function findObstacles(
  { repository }: RootManifest,
  packages: readonly PackageManifest[],
  { changes, changesets }: Surroundings,
): string[] {
  const obstacles: string[] = []
  if (typeof repository !== "string" || !repositoryForm.test(repository) || repository.endsWith(".git")) {
    obstacles.push(
      "`repository` is missing in package.json. Set it to the address of the repository, such as https://github.com/owner/singlesink. Every package takes its links from there.",
    )
  }
  if (changes !== "") obstacles.push("The working tree has changes. Commit them first.")
  if (changesets.length > 0) {
    obstacles.push(
      `${changesets.length} changesets are in no version. Run \`pnpm changeset version\`, and commit.`,
    )
  }
  for (const manifest of packages) obstacles.push(...findPackageObstacles(manifest))
  return obstacles
}

function findPackageObstacles(manifest: PackageManifest): string[] {
  const { name, version, description, license, keywords = [], files = [], engines, scripts = {} } = manifest
  const obstacles: string[] = []
  if (version === "0.0.0") obstacles.push(`${name} has the version 0.0.0. Run \`pnpm changeset version\`.`)
  if (!description) obstacles.push(`${name} has no \`description\`.`)
  if (!license) obstacles.push(`${name} has no \`license\`.`)
  if (keywords.length === 0) obstacles.push(`${name} has no \`keywords\`.`)
  if (!files.includes("dist")) obstacles.push(`${name} has no \`dist\` in \`files\`.`)
  if (!engines?.node) obstacles.push(`${name} has no \`engines.node\`.`)
  if (manifest.sideEffects !== false) obstacles.push(`${name} must have \`sideEffects: false\`.`)
  for (const script of installScripts) {
    if (script in scripts)
      obstacles.push(`${name} has the script \`${script}\`, which would run at every install.`)
  }
  return obstacles
}
