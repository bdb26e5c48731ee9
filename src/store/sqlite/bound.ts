/**
 * Parameters that don't cost a new plan. The driver's SQLite is built with STAT4, where a bare
 * parameter in a range or a LIMIT has the statement planned anew each time its value changes:
 * 50 µs instead of 8. The planner doesn't look inside a cast.
 */
import { type Placeholder, type SQL, sql } from 'drizzle-orm';

/** An integer parameter of a prepared statement. */
export function bound(name: string): SQL {
  return sql`CAST(${sql.placeholder(name)} AS INTEGER)`;
}

/** The same for LIMIT, which drizzle types as a bare placeholder and renders as whatever it is. */
export function boundLimit(name: string): Placeholder {
  return bound(name) as unknown as Placeholder;
}

/** A bare parameter for each column, by its name: what is inserted plans nothing. */
export function givenFor<Columns extends object>(
  columns: Columns,
): Record<keyof Columns, Placeholder> {
  const named = Object.keys(columns).map((name) => [name, sql.placeholder(name)]);
  return Object.fromEntries(named);
}
