import { step } from "../packed/step.ts"
import { type Environment, runLine } from "./project.ts"

/** @param project a project that npm has installed */
export async function checkTestRunners(environment: Environment, project: string): Promise<void> {
  for (const version of [29, 30]) {
    await step(
      () =>
        runLine(
          environment,
          project,
          `npx -y -p jest@${version} jest --rootDir ${project} --testMatch **/test.cjs`,
        ),
      () => `Jest ${version}: a CommonJS test stores an event`,
    )
  }
  await step(
    () => runLine(environment, project, `npx -y -p vitest@4 vitest run --root ${project}`),
    () => "vitest: an ES module recognises an error",
  )
}
