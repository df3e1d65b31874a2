import { z } from "zod";

export const SinglestoreCredentials = z.object({
  url: z
    .string()
    .describe("URL::URL of the workspace's Data API, such as <code>https://svc-….svc.singlestore.com</code>"),
  username: z.string().describe("Username::Database user with the INSERT privilege on the table"),
  password: z.string().describe("Password::Password of the database user"),
  database: z.string().describe("Database::Database of the table"),
  table: z
    .string()
    .default("segment_data")
    .describe("Table::Table for events without a <code>JITSU_TABLE_NAME</code>"),
  deduplicate: z
    .boolean()
    .default(true)
    .describe("Deduplicate::The table has a unique key on <code>messageId</code>, which stores each event once"),
});

export type SinglestoreCredentials = z.infer<typeof SinglestoreCredentials>;

export const SinglestoreCredentialsUi = {
  password: { password: true },
};
