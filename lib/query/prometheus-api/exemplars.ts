import { labelsObject } from '#lib/model/labels.ts';
import type { Matcher } from '#lib/model/metrics.ts';
import type { MetricReader } from '#lib/store/store.ts';
import type { Expr } from '../promql/ast.ts';
import { parse } from '../promql/parse.ts';
import { listOf, streamed } from './answer.ts';
import { inParameter, rangeParams } from './params.ts';
import { sample } from './query-json.ts';

/** `/api/v1/query_exemplars`: exemplars of all series that the query's selectors name. */
export async function queryExemplars(
  metrics: MetricReader,
  form: URLSearchParams,
  now: number,
): Promise<Response> {
  const range = rangeParams(form, now);
  const selectors = [...selectorsOf(inParameter('query', () => parse(form.get('query') ?? '')))];
  const found = selectors.length ? await metrics.exemplars(selectors, range) : [];
  return streamed(
    listOf(found, ({ labels, exemplars }) => ({
      seriesLabels: labelsObject(labels),
      exemplars: exemplars.map((exemplar) => ({
        labels: labelsObject(exemplar.labels),
        value: sample(exemplar.value),
        timestamp: exemplar.timestamp / 1000,
      })),
    })),
  );
}

function* selectorsOf(expr: Expr): Generator<readonly Matcher[]> {
  switch (expr.kind) {
    case 'selector':
      yield expr.matchers;
      break;
    case 'matrix':
      yield expr.selector.matchers;
      break;
    case 'paren':
    case 'unary':
    case 'subquery':
      yield* selectorsOf(expr.expr);
      break;
    case 'aggregation':
      yield* selectorsOf(expr.expr);
      if (expr.param) yield* selectorsOf(expr.param);
      break;
    case 'call':
      for (const argument of expr.args) yield* selectorsOf(argument);
      break;
    case 'binary':
      yield* selectorsOf(expr.left);
      yield* selectorsOf(expr.right);
      break;
    case 'number':
    case 'string':
  }
}
