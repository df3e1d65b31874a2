/** SQLSTATE and text of the errors that the engine is known to answer, where %d is the number of a row. */
const texts: Record<number, readonly [state: string, text: string]> = {
  1040: ["08004", "Too many connections"],
  1044: ["42000", "Access denied for user 'root'@'%' to database 'events'"],
  1045: ["28000", "Access denied for user 'root'@'localhost' (using password: YES)"],
  1046: ["3D000", "No database selected"],
  1048: ["23000", "Column 'messageId' cannot be null"],
  1049: ["42000", "Unknown database 'events'"],
  1054: ["42S22", "Unknown column 'messageId' in 'field list'"],
  1062: ["23000", "Duplicate entry 'm1' for key 'messageId'"],
  1064: ["42000", "You have an error in your SQL syntax"],
  1105: ["HY000", "Unknown error"],
  1142: ["42000", "INSERT command denied to user 'root'@'%' for table 'segment_data'"],
  1146: ["42S02", "Table 'events.segment_data' doesn't exist"],
  1158: ["08S01", "Got an error reading communication packets"],
  1159: ["08S01", "Got timeout reading communication packets"],
  1160: ["08S01", "Got an error writing communication packets"],
  1161: ["08S01", "Got timeout writing communication packets"],
  1203: ["42000", "User root already has more than 'max_user_connections' active connections"],
  1205: ["HY000", "Lock wait timeout exceeded; try restarting transaction"],
  1213: ["40001", "Deadlock found when trying to get lock; try restarting transaction"],
  1264: ["22003", "Out of range value for column 'timestamp' at row %d"],
  1265: ["01000", "Data truncated for column 'timestamp' at row %d"],
  1292: ["22007", "Incorrect datetime value for column 'timestamp' at row %d"],
  1317: ["70100", "Query execution was interrupted"],
  1364: ["HY000", "Field 'messageId' doesn't have a default value"],
  1366: ["HY000", "Incorrect value for column 'properties' at row %d"],
  1406: ["22001", "Data too long for column 'event' at row %d"],
  1712: [
    "HY000",
    "Not enough memory available to complete the current request. The request was not processed.",
  ],
  1720: ["HY000", "Memory used by tables has reached 'maximum_table_memory'; the write was not processed"],
  1885: ["HY000", "The query plan is missing"],
  2004: ["HY000", "Can't create TCP/IP socket"],
  2006: ["HY000", "The server has gone away"],
  2012: ["HY000", "Error in server handshake"],
  2013: ["HY000", "Lost connection to the server during query"],
  2014: ["HY000", "Commands out of sync; you can't run this command now"],
  2269: ["HY000", "The database is recovering; try again later"],
}

/** `Error 1205 (HY000): Lock wait timeout exceeded; …`, with the code's own text where none is given. */
export function engineText(code: number, given?: string, row = 1): string {
  const [state, known] = texts[code] ?? ["HY000", "Unknown error"]
  return `Error ${code} (${state}): ${given ?? known.replace("%d", String(row))}`
}
