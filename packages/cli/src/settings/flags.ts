import type { Command } from "commander"

/** The name of the emulator's file if `--emulator` has no value. */
export const defaultEmulatorFile = "singlesink.db"

/** Adds the options of every command that uses the database. settings.ts reads them. */
export function addConnectionOptions(command: Command): Command {
  return command
    .optionsGroup("Connection:")
    .option("--url <url>", "the Data API, such as https://svc-1.svc.singlestore.com (SINGLESTORE_URL)")
    .option("--host <host>", "an alternative to --url, always https (SINGLESTORE_HOST)")
    .option("--port <port>", "the port of --host, 443 by default (SINGLESTORE_PORT)")
    .option("--username <name>", "the user; its password is in SINGLESTORE_PASSWORD (SINGLESTORE_USERNAME)")
    .option("--password-file <file>", "a file with the password (SINGLESTORE_PASSWORD_FILE)")
    .option("--password-stdin", "read the password from stdin")
    .option("--database <name>", "the database (SINGLESTORE_DATABASE)")
    .option("--table <name>", "the table, segment_data by default (SINGLESTORE_TABLE)")
    .option("--no-deduplicate", "the table has no unique key (SINGLESTORE_DEDUPLICATE=false)")
    .option(
      "--columns <file>",
      "a JSON file with the columns, if they are not the default ones (SINGLESTORE_COLUMNS)",
    )
    .option("--ca <file>", "a PEM file with the authority of the server's certificate (SINGLESTORE_CA)")
    .option("--allow-insecure", "allow a plain http URL to another machine")
    .option("--timeout <seconds>", "how long a request may take, 30 by default (SINGLESTORE_TIMEOUT)")
    .option("--env-file <file>", "read variables from this file instead of .env")
    .option(
      "--emulator [file]",
      `use an emulator on this file instead of a server; ${defaultEmulatorFile} by default`,
    )
    .optionsGroup("Output:")
    .option("--json", "print one JSON document")
    .optionsGroup("Options:")
}
