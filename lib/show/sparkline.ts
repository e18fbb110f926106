/**
 * SVG path of a small line over the full width; y from 0 (bottom) to the largest value (top).
 * A null breaks the line; a lone value becomes a dot (a zero-length stroke with round caps).
 */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const inset = 1.5;
  let top = 0;
  for (const value of values) if (value !== null && value > top) top = value;
  const x = (i: number) =>
    values.length < 2 ? width / 2 : inset + (i / (values.length - 1)) * (width - 2 * inset);
  const y = (v: number) => height - inset - (top === 0 ? 0 : (Math.max(0, v) / top) * (height - 2 * inset));
  let path = '';
  let drawing = false;
  values.forEach((value, i) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const point = `${round(x(i))} ${round(y(value))}`;
    if (drawing) path += `L${point}`;
    else path += `M${point}${values[i + 1] === null || i + 1 === values.length ? `L${point}` : ''}`;
    drawing = true;
  });
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
