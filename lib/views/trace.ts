import { z } from 'zod';
import { Fault } from '#lib/model/fault.ts';
import { type Attributes, attributeText, type Span } from '#lib/model/span.ts';
import { normaliseStatement } from '#lib/model/sql/normalise.ts';
import { criticalPath } from '#lib/query/critical-path.ts';
import { databaseOf, statementOf } from '#lib/query/span-role.ts';
import { spanTree } from '#lib/query/span-tree.ts';
import { type TraceModel, type WaterfallInput, waterfall } from '#lib/show/waterfall.ts';
import { RangeParams, type View } from './view.ts';

const Params = RangeParams.extend({ id: z.string().min(1).max(64) });

/** One request, span by span. */
export const traceView: View<z.infer<typeof Params>, TraceModel> = {
  name: 'trace',
  params: Params,
  async run({ store }, { id }) {
    // Ids are copied from logs, where some write them short or in capitals.
    const traceId = id.toLowerCase().padStart(32, '0');
    const trace = await store.traces.trace(traceId);
    if (!trace)
      throw new Fault(
        404,
        'trace-not-found',
        `there is no trace ${id}: it was not sampled, has not arrived yet, or its retention has passed`,
      );
    const tree = spanTree(trace);
    return waterfall({ trace, tree, criticalPath: criticalPath(trace, tree), statementOf: statements() });
  },
};

const DIALECT_OF_MYSQL = new Set(['mysql', 'mariadb']);

/** A span's statement and the fingerprint of its shape; the same text is worked out once. */
function statements(): WaterfallInput['statementOf'] {
  const fingerprints = new Map<string, string>();
  return (span: Span) => {
    const text = statementOf(span);
    if (text === '' || !isSql(span.attributes)) return undefined;
    const dialect = DIALECT_OF_MYSQL.has(databaseOf(span)) ? 'mysql' : 'postgresql';
    const key = `${dialect} ${text}`;
    const fingerprint = fingerprints.get(key) ?? normaliseStatement(text, dialect).fingerprint;
    fingerprints.set(key, fingerprint);
    return { text, fingerprint };
  };
}

const NOT_SQL = new Set([
  'mongodb',
  'elasticsearch',
  'opensearch',
  'cassandra',
  'dynamodb',
  'couchbase',
  'neo4j',
]);

const isSql = (attributes: Attributes): boolean =>
  !NOT_SQL.has(attributeText(attributes, 'db.system.name', 'db.system'));
