import type { Question } from "../question.ts"
import { askIgnore, askOneArgument, askPlans } from "./inserts.ts"
import { askCharacters, askJson } from "./json.ts"
import { askIds, askKeys } from "./keys.ts"
import { askPipelines } from "./pipelines.ts"
import { askRefusals } from "./refusals.ts"
import { askBurst, askSizes } from "./requests.ts"
import { askTimes } from "./times.ts"

/** Questions about undocumented behaviour. People refer to them by number, so new ones are added at the end. */
export const questions: readonly Question[] = [
  askJson,
  askSizes,
  askRefusals,
  askTimes,
  askPlans,
  askIgnore,
  askKeys,
  askOneArgument,
  askPipelines,
  askCharacters,
  askBurst,
  askIds,
]
