/** The CREATE TABLE statement in the README of the example. */
export function findStatement(readme: string): string {
  const [, statement] = /^```sql\n(CREATE TABLE .*?)^```$/ms.exec(readme) ?? []
  if (statement === undefined) throw new Error("The README of the example has no CREATE TABLE.")
  return statement.trim()
}
