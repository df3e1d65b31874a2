import { expect, test } from "vitest"
import { authorization, type Client, startClient } from "../testing/client.ts"

const table = `CREATE TABLE t (id BIGINT UNSIGNED NOT NULL, name VARCHAR(20), at DATETIME(6), whole DATETIME,
  price DECIMAL(20,4), data JSON, flag BOOL NOT NULL, note TEXT, ratio DOUBLE, day DATE)`

async function post({ send }: Client, path: string, sql: string): Promise<unknown> {
  const headers = { authorization, "content-type": "application/json" }
  const body = JSON.stringify({ sql, database: "events" })
  const response = await send(path, { method: "POST", headers, body })
  const text = await response.text()
  return text.startsWith("{") ? JSON.parse(text) : `${response.status} ${text}`
}

async function columns(client: Client, sql: string): Promise<unknown> {
  const { results } = (await post(client, "/api/v2/query/tuples", sql)) as {
    results: { columns: { name: string; dataType: string; nullable: boolean }[] }[]
  }
  return results[0]?.columns.map(
    ({ name, dataType, nullable }) => `${name} ${dataType}${nullable ? "" : "!"}`,
  )
}

test("query/tuples answers with columns, and with rows that are arrays", async () => {
  const client = await startClient(
    {},
    "CREATE TABLE t (a INT NOT NULL, b JSON)",
    `INSERT INTO t VALUES (1, '{"x":2}')`,
  )
  expect(await post(client, "/api/v2/query/tuples", "SELECT a, b, a FROM t")).toEqual({
    results: [
      {
        columns: [
          { name: "a", dataType: "INT", nullable: false },
          { name: "b", dataType: "JSON", nullable: true },
          { name: "a", dataType: "INT", nullable: false },
        ],
        rows: [[1, { x: 2 }, 1]],
      },
    ],
  })
  expect(await post(client, "/api/v2/query/tuples", "SELECT a FROM t WHERE a > 1")).toMatchObject({
    results: [{ rows: [] }],
  })
})

test("query/tuples tells the type of a table's column, also through joins, subqueries and views", async () => {
  const client = await startClient({}, table, "CREATE VIEW v AS SELECT id, price FROM t")
  expect(await columns(client, "SELECT * FROM t")).toEqual([
    ...["id BIGINT!", "name VARCHAR(20)", "at DATETIME(6)", "whole DATETIME", "price DECIMAL(20,4)"],
    ...["data JSON", "flag TINYINT!", "note TEXT", "ratio DOUBLE", "day DATE"],
  ])
  expect(
    await columns(
      client,
      "SELECT a.id, b.id AS other, b.price FROM v a LEFT JOIN (SELECT * FROM t) b ON a.id = b.id",
    ),
  ).toEqual(["id BIGINT!", "other BIGINT", "price DECIMAL(20,4)"])
})

test("query/tuples tells the kind of an expression, which may be NULL", async () => {
  const client = await startClient({}, table)
  const sql = `SELECT COUNT(*), id + 1, price / 2, ratio * 2, name = 'x', data::x, data::$x, data::%x, NOW(6), NULL FROM t
    GROUP BY 2, 3, 4, 5, 6, 7, 8`
  expect(await columns(client, sql)).toEqual([
    ...[
      "COUNT(*) BIGINT",
      "id + 1 BIGINT",
      "price / 2 DECIMAL(38,8)",
      "ratio * 2 DOUBLE",
      "name = 'x' BIGINT",
    ],
    ...["data::x JSON", "data::$x TEXT", "data::%x DOUBLE", "NOW(6) DATETIME(6)", "NULL TEXT"],
  ])
})

test("query/tuples tells an error on the way as query/rows does", async () => {
  const client = await startClient({}, "CREATE TABLE t (s TEXT)", "INSERT INTO t VALUES ('1'), ('x')")
  expect(await post(client, "/api/v2/query/tuples", "SELECT CAST(s AS SIGNED) AS n FROM t")).toEqual({
    results: [{ columns: [{ name: "n", dataType: "BIGINT", nullable: true }], rows: [[1]] }],
    error: { code: 1690, message: expect.any(String) },
  })
  expect(await post(client, "/api/v2/query/tuples", "SELECT nope FROM t")).toBe(
    "400 Error 1054 (42S22): Unknown column 'nope' in 'field list'",
  )
})

test("the endpoints of v1 answer as those of v2", async () => {
  const client = await startClient({}, "CREATE TABLE t (at DATETIME(6))")
  expect(await post(client, "/api/v1/exec", "INSERT INTO t VALUES ('2024-01-02')")).toEqual({
    lastInsertId: 0,
    rowsAffected: 1,
  })
  expect(await post(client, "/api/v1/query/rows", "SELECT at FROM t")).toEqual({
    results: [{ rows: [{ at: "2024-01-02 00:00:00.000000" }] }],
  })
  expect(await post(client, "/api/v1/query/tuples", "SELECT at FROM t")).toEqual({
    results: [
      {
        columns: [{ name: "at", dataType: "DATETIME(6)", nullable: true }],
        rows: [["2024-01-02 00:00:00.000000"]],
      },
    ],
  })
})
