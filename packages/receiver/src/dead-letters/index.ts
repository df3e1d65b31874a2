/**
 * The file of events that were not stored.
 *
 * @module @singlesink/receiver/dead-letters
 */

export { type DeadLetter, toDeadLetter } from "./dead-letter.ts"
export { type DeadLetterFile, DeadLetterFileError, openDeadLetterFile } from "./dead-letter-file.ts"
