import { z } from 'zod';
import { STATEMENT_SORTS } from '#lib/model/statement-summary.ts';
import { rankStatements } from '#lib/query/statements.ts';
import type { QueriesModel } from '#lib/show/queries.ts';
import { databaseTimePanel } from '#lib/show/statement-panels.ts';
import { RangeParams, rangeOf, type View } from './view.ts';

const Params = RangeParams.extend({
  service: z.string().max(500).optional(),
  database: z.string().max(500).optional(),
  sort: z.enum(STATEMENT_SORTS).default('total'),
});

const MOST_ROWS = 200;

const names = (all: readonly string[]): string[] => [...new Set(all)].filter(Boolean).toSorted();

/** Which statements cost the databases most. */
export const queriesView: View<z.infer<typeof Params>, QueriesModel> = {
  name: 'queries',
  params: Params,
  async run({ store, now }, { service, database, sort, ...ends }) {
    const range = rangeOf(ends, now);
    const [ranked, digests] = await Promise.all([
      rankStatements(store, { range, service, database, sort, limit: Number.POSITIVE_INFINITY }),
      store.statements.digests(range),
    ]);
    const filtered = digests.filter(
      (digest) => (!service || digest.service === service) && (!database || digest.database === database),
    );
    return {
      range,
      rows: ranked.slice(0, MOST_ROWS),
      total: ranked.length,
      services: names(digests.map((digest) => digest.service)),
      databases: names(digests.map((digest) => digest.database)),
      panel: databaseTimePanel(filtered, range),
    };
  },
};
