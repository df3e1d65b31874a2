import { packageConfig } from "../../tsdown.config.ts"

export default packageConfig({ entry: ["src/index.ts", "src/cli.ts"], platform: "node" })
