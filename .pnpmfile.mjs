import { readFileSync } from "node:fs"

/** The owner sets `repository` once, in package.json. Each packed package takes its links from there. */
const { repository } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"))

export const hooks = {
  beforePacking(manifest) {
    if (repository === undefined) return manifest
    const directory = `packages/${manifest.name.slice(manifest.name.indexOf("/") + 1)}`
    return {
      ...manifest,
      repository: { type: "git", url: `git+${repository}.git`, directory },
      homepage: `${repository}/tree/main/${directory}#readme`,
      bugs: `${repository}/issues`,
    }
  },
}
