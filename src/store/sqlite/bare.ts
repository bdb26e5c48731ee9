/**
 * Statements that drizzle wrote, run without it. Its way to fill in parameters and to map rows costs
 * as much as the query itself; where a statement runs hundreds of times a second, that is most of it.
 * Only for columns that the driver gives as they are: numbers, texts and buffers.
 */
import { getTableColumns, is, Placeholder, type Query, type Table } from 'drizzle-orm';
import type { Db } from './open.ts';

interface Written {
  toSQL(): Query;
}

/** A query for whole rows of one table. @returns its first row, for parameters by name */
export function bareRow<T extends Table>(
  db: Db,
  table: T,
  query: Written,
): (values: object) => T['$inferSelect'] | undefined {
  const names = Object.keys(getTableColumns(table));
  const { sql, params } = query.toSQL();
  const statement = db.$client.prepare(sql).raw();
  return (values) => {
    const cells = statement.get(...filled(params, values)) as unknown[] | undefined;
    return cells && rowOf(names, cells);
  };
}

/** The same, for all of its rows. */
export function bareRows<T extends Table>(
  db: Db,
  table: T,
  query: Written,
): (values: object) => T['$inferSelect'][] {
  const names = Object.keys(getTableColumns(table));
  const { sql, params } = query.toSQL();
  const statement = db.$client.prepare(sql).raw();
  return (values) =>
    (statement.all(...filled(params, values)) as unknown[][]).map((cells) => rowOf(names, cells));
}

/** A statement that changes something, for parameters by name. */
export function bareRun(db: Db, query: Written): (values: object) => void {
  const { sql, params } = query.toSQL();
  const statement = db.$client.prepare(sql);
  return (values) => {
    statement.run(...filled(params, values));
  };
}

function filled(params: readonly unknown[], values: object): unknown[] {
  return params.map((param) => {
    return is(param, Placeholder) ? values[param.name as keyof typeof values] : param;
  });
}

function rowOf(names: readonly string[], cells: readonly unknown[]) {
  const row: Record<string, unknown> = {};
  for (let i = 0; i < names.length; i++) row[names[i]!] = cells[i];
  return row;
}
