/** Shortest decimal digits that read back as the same float, as Go's `FormatFloat(v, 'f' or 'e', -1, 64)`. */

/** As the query API writes values: with an exponent below 1e-6 and from 1e21 on. */
export function formatSample(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  // JavaScript uses the same bounds, but writes exponents with one digit where Go writes two.
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Never with an exponent. */
export function formatPlain(value: number): string {
  const text = formatSample(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!parts) return text;
  const [, sign = '', lead = '', fraction = '', exponentText = '0'] = parts;
  const digits = lead + fraction;
  const point = 1 + Number(exponentText);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

/** As Go's `%g`: with an exponent below 1e-4 and from 1e6 on. */
export function formatGeneral(value: number): string {
  if (!Number.isFinite(value) || value === 0) return formatSample(value);
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return formatPlain(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
