import type { ValueType } from './ast.ts';

export interface Signature {
  readonly args: readonly ValueType[];
  /** How many further arguments of the last type may be left out (> 0) or added (-1: any number). */
  readonly optional: number;
  readonly returns: ValueType;
}

const signature = (args: readonly ValueType[], returns: ValueType = 'vector', optional = 0): Signature => ({
  args,
  optional,
  returns,
});

const SIGNATURES = new Map<string, Signature>();
const define = (names: string, shape: Signature): void => {
  for (const name of names.split(' ')) SIGNATURES.set(name, shape);
};

define(
  'abs ceil exp floor ln log10 log2 sgn sqrt acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh deg rad ' +
    'absent sort sort_desc timestamp histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum',
  signature(['vector']),
);
define(
  'rate irate increase delta idelta deriv changes resets absent_over_time avg_over_time count_over_time first_over_time ' +
    'last_over_time mad_over_time max_over_time min_over_time present_over_time stddev_over_time stdvar_over_time ' +
    'sum_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time',
  signature(['matrix']),
);
define(
  'day_of_month day_of_week day_of_year days_in_month hour minute month year',
  signature(['vector'], 'vector', 1),
);
define('time pi start end range step', signature([], 'scalar'));
define('clamp', signature(['vector', 'scalar', 'scalar']));
define('clamp_max clamp_min', signature(['vector', 'scalar']));
define('round', signature(['vector', 'scalar'], 'vector', 1));
define('info', signature(['vector', 'vector'], 'vector', 1));
define('scalar', signature(['vector'], 'scalar'));
define('vector', signature(['scalar']));
define('predict_linear', signature(['matrix', 'scalar']));
define('quantile_over_time', signature(['scalar', 'matrix']));
define('double_exponential_smoothing', signature(['matrix', 'scalar', 'scalar']));
define('histogram_quantile', signature(['scalar', 'vector']));
define('histogram_fraction', signature(['scalar', 'scalar', 'vector']));
define('histogram_quantiles', signature(['vector', 'string', 'scalar'], 'vector', -1));
define('label_replace', signature(['vector', 'string', 'string', 'string', 'string']));
define('label_join', signature(['vector', 'string', 'string', 'string'], 'vector', -1));
define('sort_by_label sort_by_label_desc', signature(['vector', 'string'], 'vector', -1));

export function functionSignature(name: string): Signature | undefined {
  return SIGNATURES.get(name);
}

export function functionNames(): string[] {
  return [...SIGNATURES.keys()];
}

/** Known to Prometheus, not to this engine: the reason a query that names one is refused. */
export const UNSUPPORTED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['start_timestamp', 'start timestamps are not stored'],
]);

/** Range of arguments a call may have. */
export function argumentCount(shape: Signature): { readonly min: number; readonly max: number } {
  if (shape.optional > 0) return { min: shape.args.length - shape.optional, max: shape.args.length };
  if (shape.optional < 0) return { min: shape.args.length - 1, max: Number.POSITIVE_INFINITY };
  return { min: shape.args.length, max: shape.args.length };
}
