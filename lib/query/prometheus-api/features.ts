import { AGGREGATIONS } from '../promql/ast.ts';
import { functionNames } from '../promql/functions.ts';
import { success } from './answer.ts';

const OPERATORS = '+ - * / % ^ atan2 == != > < >= <= </ >/ and or unless'.split(' ');

/** `/api/v1/features`: what this server can do, by Prometheus' names. */
export function features(): Response {
  const all = (names: readonly string[]): Record<string, boolean> =>
    Object.fromEntries(names.toSorted().map((name) => [name, true]));
  return success({
    api: {
      ...all(['admin', 'exclude_alerts', 'label_values_match', 'query_stats', 'query_warnings']),
      ...all(['remote_write_receiver', 'otlp_write_receiver', 'time_range_labels', 'time_range_series']),
    },
    otlp_receiver: { delta_conversion: true },
    promql: {
      ...all([
        'at_modifier',
        'bool',
        'by',
        'group_left',
        'group_right',
        'ignoring',
        'negative_offset',
        'offset',
      ]),
      ...all([
        'on',
        'per_query_lookback_delta',
        'subqueries',
        'without',
        'duration_expr',
        'anchored',
        'smoothed',
        'fill',
      ]),
    },
    promql_functions: all(functionNames()),
    promql_operators: all([...OPERATORS, ...AGGREGATIONS]),
    tsdb: { exemplars: true, native_histograms: true, out_of_order: true },
  });
}
