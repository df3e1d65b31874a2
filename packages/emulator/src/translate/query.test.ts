import { afterAll, expect, test } from "vitest"
import { startEmulator } from "../index.ts"
import { authorization, createClient, startClient } from "../testing/client.ts"

const table = `CREATE TABLE t (id VARCHAR(10) NOT NULL, at DATETIME(6), n BIGINT, d DECIMAL(10,2), f DOUBLE,
  day DATE, s TEXT, j JSON, SHARD KEY (id), UNIQUE KEY (id))`

const insert = `INSERT INTO t VALUES
  ('a', '2024-01-01 10:00:00.5', 1, 1.10, 0.5, '2024-01-01', 'Ünï', '{"x": {"y": "z", "list": [1]}, "n": 5, "half": 2.5, "flag": true, "null": null, "a b": {"c.d/e~\`": "é"}}'),
  ('b', '2024-01-02', 9223372036854775807, -2.50, 1e20, '2024-02-29', 'a_b', '{"n": "5", "flag": false, "order": 1}'),
  ('c', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('d', '2024-01-01 11:00:00', 2, 3, 2, '2024-01-01', 'axb', '[1, 2]')`

const { emulator, exec, query } = createClient(await startEmulator())
afterAll(() => emulator.close())
for (const sql of [table, insert]) await exec(sql)

/** Evaluates an expression for one row. */
async function value(expression: string, args: unknown[] = [], row = "a"): Promise<unknown> {
  const [found] = await emulator.query<{ v: unknown }>(
    `SELECT ${expression} AS v FROM t WHERE id = '${row}'`,
    args,
  )
  return found?.v
}

test("Every column type is returned as the server returns it", async () => {
  expect((await query("SELECT * FROM t WHERE id = 'b'")).text).toBe(
    '{"results":[{"rows":[{"id":"b","at":"2024-01-02 00:00:00.000000","n":9223372036854775807,"d":"-2.50","f":100000000000000000000,"day":"2024-02-29","s":"a_b","j":{"flag":false,"n":"5","order":1}}]}]}',
  )
})

test("SELECT without FROM does not need a database", async () => {
  const { send } = await startClient({ databases: [] })
  const headers = { authorization, "content-type": "application/json" }
  const response = await send("/api/v2/query/rows", { method: "POST", headers, body: '{"sql":"SELECT 1"}' })
  expect(await response.text()).toBe('{"results":[{"rows":[{"1":1}]}]}')
  const needs = await send("/api/v2/query/rows", { method: "POST", headers, body: '{"sql":"SHOW TABLES"}' })
  expect([needs.status, await needs.text()]).toEqual([400, "Error 1046 (3D000): No database selected"])
})

test("A column is named by its alias, its column, or its text", async () => {
  expect(
    await emulator
      .query("SELECT t.id, n = 1, `n` AS `odd ``one`, j::n plain, 'x' 'y' FROM t")
      .catch(e => e.message),
  ).toMatch(/near ''y' FROM t'/)
  const [row] = await emulator.query(
    "SELECT t.id, n =  1, `n` AS `odd ``one`, j::n plain, 'x' AS 'y' FROM t ORDER BY id",
  )
  expect(row).toEqual({ id: "a", "n =  1": 1, "odd `one": 1, plain: 5, y: "x" })
})

test.each([
  ["n = 1", 1],
  ["n <> 1", 0],
  ["NULL = NULL", null],
  ["NOT n = 2 AND (n < 2 OR 1)", 1],
  ["n IN (1, 2)", 1],
  ["n NOT IN (2, 3)", 1],
  ["s IS NULL", 0],
  ["s IS NOT NULL", 1],
  ["id = 'A'", 0],
  ["at > '2024-01-01'", 1],
  ["at = '2024-01-01 10:00:00.500000'", 1],
  ["day = '2024-01-01'", 1],
  ["day < at", 1],
  ["n = '1'", 1],
  ["CASE WHEN n > 1 THEN 1.5 WHEN n = 1 THEN 2 END", "2.0"],
  ["COALESCE(NULL, n, 5)", 1],
  ["NULLIF(n, 1)", null],
  ["LENGTH(s)", 5],
  ["CHAR_LENGTH(s)", 3],
  ["LOWER('ÀB')", "àb"],
  ["CONCAT(s, '-', n, '-', f, '-', at)", "Ünï-1-0.5-2024-01-01 10:00:00.500000"],
  ["CONCAT(s, NULL)", null],
  ["@@version_comment LIKE '%SingleStoreDB%'", 1],
  ["@@GLOBAL.memsql_version", "9.0.23"],
  ["CAST(n AS CHAR)", "1"],
  ["CAST('12.7' AS SIGNED)", 12],
  ["CAST(2.5 AS SIGNED)", 3],
  ["CAST('1.5' AS DOUBLE)", 1.5],
])("The expression %s is %j", async (expression, expected) => {
  expect(await value(expression)).toEqual(expected)
})

test.each([
  ["j::x", { list: [1], y: "z" }],
  ["j::x::y", "z"],
  ["j::x::$y", "z"],
  ["j::$x", '{"list":[1],"y":"z"}'],
  ["j::$n", "5"],
  ["j::$flag", "true"],
  ["j::$null", null],
  ["j::$missing", null],
  ["j::missing::$deeper", null],
  ["j::n > 4", 1],
  ["j::n = 5", 1],
  ["j::flag = TRUE", 1],
  ["j::x::y = 5", null],
  ["j::x = j::x", 1],
  ["j::$n LIKE '5%'", 1],
  ["j::%n", 5],
  ["j::%flag", 1],
  ["j::x::%y", null],
  ["j::%missing", null],
  ["j::`x`::`y`", "z"],
  ["j::x::list::`0`", 1],
  ["j::x::list::%`0`", 1],
  ["j::x::list::$`1`", null],
  ["j::`a b`::$`c.d/e~```", "é"],
  ["JSON_EXTRACT_STRING(j, 'x', 'y')", "z"],
  ["JSON_EXTRACT_JSON(j, 'x')", { list: [1], y: "z" }],
  ["JSON_EXTRACT_DOUBLE(j, 'n')", 5],
  ["JSON_EXTRACT_BIGINT(j, 'n')", 5],
  ["JSON_EXTRACT_BIGINT(j, 'flag')", 1],
  ["JSON_EXTRACT_BIGINT(j, 'x', 'y')", 0],
  ["JSON_EXTRACT_BIGINT(j, 'x')", 0],
  ["JSON_EXTRACT_BIGINT(j, 'null')", null],
  ["JSON_EXTRACT_BIGINT(j, 'missing')", null],
  ["JSON_EXTRACT_BIGINT(j, 'half')", 3],
  ["JSON_LENGTH(j)", 6],
  ["JSON_LENGTH(j::x::list)", 1],
  ["JSON_LENGTH(j::n)", null],
  ["JSON_LENGTH(j::missing)", null],
])("The JSON expression %s is %j", async (expression, expected) => {
  expect(await value(expression)).toEqual(expected)
})

test("A key can be a keyword, and a JSON text is not a number", async () => {
  expect(await value("j::order", [], "b")).toBe(1)
  expect(await value("j::n > 4", [], "b")).toBe(null)
})

test.each([
  ["s LIKE 'a\\\\_b'", [], 1],
  ["s LIKE 'A\\\\_b'", [], 0],
  ["s LIKE ?", ["a_%"], 1],
  ["s LIKE ?", ["a\\_b"], 1],
  ["s LIKE '%z%'", [], 0],
  ["s NOT LIKE 'a%'", [], 0],
])("The condition %s with %j is %i", async (expression, args, expected) => {
  expect(await value(expression, args, "b")).toBe(expected)
})

test.each([
  ["? = 'x'", ["x"], 1],
  ["?", ["'; DROP TABLE t; --"], "'; DROP TABLE t; --"],
  ["?", ["a\0b"], "a\0b"],
  ["?", [1.5], 1.5],
  ["?", [true], 1],
  ["?", [null], null],
  ["n = ?", [1], 1],
  ["n = ?", ["1"], 1],
  ["at >= ?", ["2024-01-01"], 1],
  ["n IN (?, ?)", [1, 2], 1],
])("The expression %s with the arguments %j is %j", async (expression, args, expected) => {
  expect(await value(expression, args)).toBe(expected)
})

test.each([
  ["SELECT COUNT(*) AS v FROM t", [4]],
  ["SELECT COUNT(n) AS v FROM t", [3]],
  ["SELECT COUNT(DISTINCT day) AS v FROM t", [2]],
  ["SELECT SUM(d) AS v FROM t", ["1.60"]],
  ["SELECT SUM(f) AS v FROM t WHERE id = 'nope'", [null]],
  ["SELECT SUM(n = 1) AS v FROM t", [1]],
  ["SELECT MIN(s) AS v FROM t", ["a_b"]],
  ["SELECT MAX(at) AS v FROM t", ["2024-01-02 00:00:00.000000"]],
  ["SELECT DISTINCT day AS v FROM t ORDER BY v", [null, "2024-01-01", "2024-02-29"]],
  ["SELECT id AS v FROM t ORDER BY n", ["c", "a", "d", "b"]],
  ["SELECT id AS v FROM t ORDER BY n DESC", ["b", "d", "a", "c"]],
  ["SELECT id AS v FROM t ORDER BY 1 DESC LIMIT 2", ["d", "c"]],
  ["SELECT id AS v FROM t ORDER BY id LIMIT 1, 2", ["b", "c"]],
  ["SELECT id AS v FROM t ORDER BY id LIMIT 2 OFFSET 3", ["d"]],
  ["SELECT COUNT(*) AS v FROM t GROUP BY day ORDER BY v", [1, 1, 2]],
  ["SELECT COUNT(*) AS v, day AS date FROM t GROUP BY date ORDER BY v DESC LIMIT 1", [2]],
  ["SELECT COUNT(*) AS v, j::$flag FROM t GROUP BY 2 ORDER BY v DESC LIMIT 1", [2]],
  [
    "SELECT CONCAT(day, 'x') AS v FROM t GROUP BY CONCAT(day, 'x') ORDER BY v",
    [null, "2024-01-01x", "2024-02-29x"],
  ],
  ["SELECT a.id AS v FROM t AS a JOIN t b ON a.day = b.day AND a.id <> b.id ORDER BY v", ["a", "d"]],
  ["SELECT b.id AS v FROM t a LEFT JOIN t AS b ON a.n = b.n ORDER BY a.id", ["a", "b", null, "d"]],
  ["SELECT x.c AS v FROM (SELECT COUNT(*) AS c FROM t) x", [4]],
  ["WITH a AS (SELECT n FROM t), b AS (SELECT MIN(n) AS m FROM a) SELECT m AS v FROM b", [1]],
  ["SELECT 1 AS v UNION ALL SELECT 2.5 ORDER BY v DESC LIMIT 1", ["2.5"]],
  [
    "SELECT n AS v FROM t WHERE id = 'a' UNION ALL SELECT 'x' UNION ALL SELECT NULL ORDER BY 1",
    [null, "1", "x"],
  ],
  ["SELECT ROW_NUMBER() OVER (ORDER BY n) AS v FROM t ORDER BY id", [2, 4, 1, 3]],
  ["SELECT RANK() OVER (PARTITION BY day ORDER BY n DESC) AS v FROM t ORDER BY id", [2, 1, 1, 1]],
  ["SELECT LAG(id) OVER (ORDER BY id) AS v FROM t ORDER BY id", [null, "a", "b", "c"]],
  ["SELECT LEAD(id, 2) OVER (ORDER BY id) AS v FROM t ORDER BY id", ["c", "d", null, null]],
  ["SELECT SUM(f) OVER (PARTITION BY day) AS v FROM t WHERE day = '2024-01-01'", [2.5, 2.5]],
  ["SELECT FIRST_VALUE(id) OVER (ORDER BY id) AS v FROM t", ["a", "a", "a", "a"]],
  ["SELECT LAST_VALUE(id) OVER (PARTITION BY day ORDER BY id) AS v FROM t ORDER BY id", ["a", "b", "c", "d"]],
])("The query %s returns %j", async (sql, expected) => {
  expect((await emulator.query<{ v: unknown }>(sql)).map(({ v }) => v)).toEqual(expected)
})

test("A query can select t.* and use a placeholder in LIMIT, and a sum keeps its digits", async () => {
  const starred = await query(
    "SELECT b.*, a.id AS other FROM (SELECT id FROM t) a JOIN (SELECT n FROM t) b ON b.n = 1 ORDER BY other LIMIT ?",
    [1],
  )
  expect(starred.text).toContain('[{"n":1,"other":"a"}]')
  expect((await query("SELECT SUM(n) FROM t")).text).toContain('{"SUM(n)":9223372036854775810}')
})

test.each([
  ["SELECT nope FROM t", "Error 1054 (42S22): Unknown column 'nope' in 'field list'"],
  ["SELECT 1 FROM t WHERE x.id = 1", "Error 1054 (42S22): Unknown column 'x.id' in 'where clause'"],
  ["SELECT 1 FROM t ORDER BY 2", "Error 1054 (42S22): Unknown column '2' in 'order clause'"],
  ["SELECT id FROM t a JOIN t b ON a.id = b.id", "Error 1052 (23000): Column 'id' is ambiguous"],
  ["SELECT 1 FROM t a JOIN t a ON 1", "Error 1066 (42000): Not unique table/alias: 'a'"],
  ["SELECT * FROM (SELECT id, ID FROM t) x", "Error 1060 (42S21): Duplicate column name 'ID'"],
  ["SELECT x.* FROM t", "Error 1109 (42S02): Unknown table 'x' in field list"],
  ["SELECT 1 FROM nope", "Error 1146 (42S02): Table 'events.nope' doesn't exist"],
  ["SELECT 1 UNION ALL SELECT 1, 2", "Error 1222 (21000)"],
  ["SELECT n IN (SELECT 1) FROM t", "near 'SELECT 1) FROM t'"],
  ["SELECT n + 1 FROM t", "near '+ 1 FROM t'"],
  ["SELECT n FROM t HAVING n = 1", "near 'HAVING n = 1'"],
  ["SELECT n BETWEEN 1 AND 2", "near 'BETWEEN 1 AND 2'"],
  ["DESCRIBE t", "near 'DESCRIBE t'"],
  ["SELECT id, COUNT(*) FROM t", "Error 1055 (42000)"],
  ["SELECT at > 'yesterday' FROM t", "Error 1292 (22007): Incorrect datetime value: 'yesterday'"],
  ["SELECT @@nope", "Error 1193 (HY000): Unknown system variable 'nope'"],
  ["SELECT @ @version", "near '@ @version'"],
  ["SELECT 1 FROM t LIMIT -1", "near '-1'"],
  ["SELECT n DIV 2 FROM t", "near 'DIV 2 FROM t'"],
  ["SELECT 'ab' LIKE 'a\\\\'", "Error 1064 (42000)"],
  ["SELECT SLEEP(1)", "near 'SLEEP(1)' at line 1"],
  ["SELECT constructor(1)", "near 'constructor(1)'"],
  ["SELECT LENGTH()", "wrong number of arguments for LENGTH"],
  ["SELECT LAG(n) FROM t", "LAG needs OVER"],
  ["SELECT j:: n, FROM t", "near 'FROM t'"],
  ["SELECT j::0 FROM t", "near '0 FROM t'"],
  ["SELECT j::'n' FROM t", "near ''n' FROM t'"],
  ["SELECT n XOR 1 FROM t", "near 'XOR 1 FROM t'"],
  ["SELECT id FROM t, t", "near ', t'"],
  ["SELECT id FROM t FOR UPDATE", "near 'FOR UPDATE'"],
  ["SELECT 1 UNION SELECT 2", "near 'UNION SELECT 2'"],
  ["SELECT (SELECT 1)", "near 'SELECT 1)'"],
  ["SELECT j::x = 'z' FROM t", "does not know how json and text values compare"],
  ["SELECT s = 5 FROM t", "does not know a text value as a number"],
  ["SELECT s::x FROM t", "does not know a path into a text value"],
  ["SELECT id FROM t ORDER BY j", "does not know an order of JSON values"],
  ["SELECT id FROM t WHERE s", "does not know when a text value is true"],
  ["UPDATE t SET n = 1", "near 'UPDATE t SET n = 1'"],
  ["SELECT 1; SELECT 2", "near 'SELECT 2'"],
  ["SELECT 1;;", "near ';'"],
  ["", "Error 1064 (42000)"],
])("The query %s is refused", async (sql, text) => {
  const reply = await query(sql)
  expect(reply.status).toBe(400)
  expect(reply.text).toContain(text)
  expect(reply.text).not.toContain("\n")
})

test.each([
  ["SELECT ?, ?", [1], "sql: expected 2 arguments, got 1"],
  ["SELECT 1", [1], "sql: expected 0 arguments, got 1"],
  ["SELECT '?' -- ?", [], undefined],
  ["SELECT ?", [{}], "an object or array cannot be an argument of a query: only JSON columns take them"],
])("The query %s with the arguments %j is refused with %j", async (sql, args, refused) => {
  const reply = await query(sql, args)
  expect(reply.status === 200 ? undefined : reply.text).toBe(refused)
})

test("A row that cannot be made ends the rows with an error and status 200", async () => {
  const read = async (sql: string) => {
    const reply = await query(sql)
    return [reply.status, JSON.parse(reply.text)]
  }
  const error = { code: 1690, message: expect.stringContaining("Could not convert string") }
  await exec("CREATE TABLE numbers (n INT, s TEXT)")
  await exec("INSERT INTO numbers VALUES (1, '1'), (2, '2'), (3, '3'), (4, '4'), (5, 'x'), (6, '6')")
  const rows = [{ v: 1 }, { v: 2 }, { v: 3 }, { v: 4 }]
  expect(await read("SELECT CAST(s AS SIGNED) AS v FROM numbers")).toEqual([
    200,
    { results: [{ rows }], error },
  ])
  expect(await read("SELECT CAST(s AS SIGNED) AS v FROM numbers ORDER BY n DESC")).toEqual([
    200,
    { results: [{ rows: [] }], error },
  ])
  expect(await read("SELECT n AS v FROM numbers WHERE CAST(s AS SIGNED) > 0")).toEqual([
    200,
    { results: [{ rows: [] }], error },
  ])
  await expect(emulator.query("SELECT CAST('abc' AS SIGNED)")).rejects.toThrow(/^Error 1690 \(22003\): /)
})

test("exec refuses statements with a result, and query/rows refuses those without", async () => {
  expect((await exec("SELECT 1")).text).toBe("this statement has a result set: send it to /api/v2/query/rows")
  expect((await query("INSERT INTO t (id) VALUES ('x')")).text).toBe(
    "this statement has no result set: send it to /api/v2/exec",
  )
  expect((await query("SELECT 1", [], "nope")).text).toBe("Error 1049 (42000): Unknown database 'nope'")
})

test("A statement that is nested too deeply is refused, and the next one runs", async () => {
  const deep = `SELECT ${"(".repeat(20_000)}1${")".repeat(20_000)}`
  await expect(emulator.query(deep)).rejects.toThrow(/^Error 1064/)
  await expect(emulator.query(`SELECT ${"NOT ".repeat(20_000)} 1`)).rejects.toThrow(/^Error 1064/)
  expect(await emulator.query("SELECT 1 AS one")).toEqual([{ one: 1 }])
})
