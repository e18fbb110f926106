import type { ArgType, SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Backend } from './backend.ts';

export type RawValue = number | bigint | string | Uint8Array;
export type RawRow = readonly unknown[];

/**
 * Statements past Prisma's query engine, which turns bytes into base64 and back: for the log and the blocks, where
 * that would cost more than the database does. Placeholders are `?`; names need double quotes, as PostgreSQL folds
 * others to lower case.
 */
export class RawSql {
  private readonly connect: () => Promise<SqlDriverAdapter>;
  private readonly backend: Backend;

  constructor(connect: () => Promise<SqlDriverAdapter>, backend: Backend) {
    this.connect = connect;
    this.backend = backend;
  }

  /** Rows as lists, in the order of the columns asked for; see `rawNumber` and `rawBytes`. */
  async query(sql: string, args: readonly RawValue[]): Promise<readonly RawRow[]> {
    const adapter = await this.connect();
    return (await adapter.queryRaw(this.prepare(sql, args))).rows;
  }

  /** @returns how many rows it changed */
  async execute(sql: string, args: readonly RawValue[]): Promise<number> {
    const adapter = await this.connect();
    return adapter.executeRaw(this.prepare(sql, args));
  }

  /** Statements without arguments and answers, each run to its end. */
  async script(sql: string): Promise<void> {
    await (await this.connect()).executeScript(sql);
  }

  /** `INSERT` of rows of equal length, one statement: all or none of it happens. */
  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly RawValue[])[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const places = `(${columns.map(() => '?').join(',')})`;
    const names = columns.map((name) => `"${name}"`).join(',');
    await this.execute(
      `INSERT INTO "${table}" (${names}) VALUES ${rows.map(() => places).join(',')}`,
      rows.flat(),
    );
  }

  private prepare(sql: string, args: readonly RawValue[]) {
    let n = 0;
    return {
      sql: this.backend === 'sqlite' ? sql : sql.replaceAll('?', () => `$${++n}`),
      args: [...args],
      argTypes: args.map(argType),
    };
  }
}

const scalar = (scalarType: ArgType['scalarType']): ArgType => ({ scalarType, arity: 'scalar' });
const BYTES = scalar('bytes');
const BIGINT = scalar('bigint');
const TEXT = scalar('string');

const argType = (value: RawValue): ArgType =>
  typeof value === 'string' ? TEXT : typeof value === 'object' ? BYTES : BIGINT;

/** An integer column: drivers answer with numbers, text or bigints. */
export const rawNumber = (value: unknown): number => Number(value);

export function rawBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw new TypeError(`the database answered ${typeof value} for a column of bytes`);
}
