import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { step } from "../packed/step.ts"
import { createProject, type Environment, expectEvent, expectOutput, runLine } from "./project.ts"

/** The majors of Node that the packages support. */
const nodes = [20, 22, 24, 26]

/** npm installs every package, and each Node runs them. Returns the folder of the project. */
export async function checkNpm(environment: Environment): Promise<string> {
  const project = await createProject(environment, "npm")
  const files = [...environment.tarballs.values()].join(" ")
  await step(
    () =>
      runLine(
        environment,
        project,
        `npm install --no-audit --no-fund --strict-peer-deps ${files} undici@7 @segment/actions-core@3 liquidjs`,
      ),
    () => "npm: every package is installed",
  )
  for (const major of nodes) {
    const node = `npx -y -p node@${major} node`
    await step(
      async () => {
        await expectEvent(environment, project, `${node} program.mjs`)
        await expectEvent(environment, project, `${node} program.cjs`)
        await expectOutput(environment, project, `${node} every-entry.mjs`, /^\d\d entries$/m)
        const cli = "node_modules/@singlesink/cli/dist/bin.js"
        await expectOutput(environment, project, `${node} ${cli} --version`, /^\d+\.\d+\.\d+/m)
      },
      () => `Node ${major}: ES modules and CommonJS load every entry, and store an event`,
    )
  }
  return project
}

export async function checkOtherManagers(environment: Environment): Promise<void> {
  await checkManager(environment, "pnpm", "pnpm add --silent")
  await checkManager(environment, "yarn", "npx -y -p yarn@1 yarn add --silent --no-lockfile")
}

async function checkManager(environment: Environment, name: string, add: string): Promise<void> {
  const packages = ["@singlesink/core", "@singlesink/data-api"]
  const files = packages.map(name => `file:${environment.tarballs.get(name)}`)
  // The packages are not in a registry yet: this is where a dependency of a dependency comes from.
  const replacements = Object.fromEntries(packages.map((name, index) => [name, files[index]]))
  const project = await createProject(environment, name, { private: true, resolutions: replacements })
  const settings = { packages: [], overrides: replacements }
  await writeFile(join(project, "pnpm-workspace.yaml"), JSON.stringify(settings))
  await step(
    async () => {
      await runLine(environment, project, `${add} ${files.join(" ")} undici@7`)
      await expectEvent(environment, project, "node program.mjs")
      await expectEvent(environment, project, "node program.cjs")
    },
    () => `${name}: ES modules and CommonJS store an event`,
  )
}
