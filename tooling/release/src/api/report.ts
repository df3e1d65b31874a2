import { mkdirSync } from "node:fs"
import { Extractor, ExtractorConfig, ExtractorLogLevel, type ExtractorResult } from "@microsoft/api-extractor"
import type { Entry } from "./entries.ts"

const silent = { logLevel: ExtractorLogLevel.None, addToApiReportFile: false }

/**
 * Writes the report of an entry to `packages/NAME/api`, or compares it with the one there.
 *
 * @param root the root of the repository, with a slash at its end
 * @returns whether the report in the repository was as it must be
 */
export function reportEntry(root: string, { folder, name, types }: Entry, isCheck: boolean): boolean {
  const projectFolder = `${root}packages/${folder}`
  // A missing folder would be an error.
  mkdirSync(`${projectFolder}/api`, { recursive: true })
  const result: ExtractorResult = Extractor.invoke(
    ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: `${projectFolder}/package.json`,
      configObject: {
        projectFolder,
        mainEntryPointFilePath: `${projectFolder}/${types}`,
        apiReport: {
          enabled: true,
          reportFileName: `${name}.api.md`,
          reportFolder: `${projectFolder}/api`,
          reportTempFolder: `${projectFolder}/node_modules/.api`,
          includeForgottenExports: false,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        newlineKind: "lf" as never,
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              target: "es2022",
              module: "nodenext",
              lib: ["es2022"],
              types: ["node"],
              strict: true,
              skipLibCheck: true,
            },
            files: [`${projectFolder}/${types}`],
          },
        },
        messages: {
          compilerMessageReporting: { default: silent },
          extractorMessageReporting: { default: silent },
          tsdocMessageReporting: { default: silent },
        },
      },
    }),
    { localBuild: !isCheck, messageCallback: message => (message.handled = true) },
  )
  return !result.apiReportChanged
}
