import { z } from 'zod';
import { statementDetail } from '#lib/query/statement.ts';
import { rankFindings } from '#lib/show/finding-order.ts';
import { planRows, type QueryModel } from '#lib/show/query-detail.ts';
import { statementPanels } from '#lib/show/statement-panels.ts';
import { formatSql } from './format-sql.ts';
import { RangeParams, rangeOf, type View } from './view.ts';

const Params = RangeParams.extend({ fingerprint: z.string().min(1).max(100) });

/** All that is known of one statement shape. */
export const queryView: View<z.infer<typeof Params>, QueryModel> = {
  name: 'query',
  params: Params,
  async run({ store, now }, { fingerprint, ...ends }) {
    const range = rangeOf(ends, now);
    const [detail, digests] = await Promise.all([
      statementDetail(store, fingerprint, range),
      store.statements.digests(range, { fingerprint }),
    ]);
    const { series: _, examples, plans: __, tables, findings, ...row } = detail;
    const planned = examples.find((example) => example.plan !== undefined);
    return {
      now,
      range,
      row,
      sql: formatSql(row.text, row.system),
      panels: statementPanels(digests, range),
      examples: examples.map(({ plan: ___, ...example }) => example),
      plan: planned?.plan && {
        at: planned.at,
        durationMs: planned.durationMs,
        rows: planRows(planned.plan),
      },
      tables,
      findings: rankFindings(findings),
    };
  },
};
