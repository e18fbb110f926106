/** Neumaier's compensated sum of values[lo … hi), as Prometheus sums; infinities drop the compensation. */
export function kahanSum(values: Float64Array, lo: number, hi: number, divisor = 1): number {
  let sum = 0;
  let compensation = 0;
  for (let i = lo; i < hi; i++) {
    const value = (values[i] ?? 0) / divisor;
    const total = sum + value;
    if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) compensation = 0;
    else if (Math.abs(sum) >= Math.abs(value)) compensation += sum - total + value;
    else compensation += value - total + sum;
    sum = total;
  }
  return sum + compensation;
}

/** Mean of values[lo … hi); a sum that overflows is taken again over the values divided by their count. */
export function kahanMean(values: Float64Array, lo: number, hi: number): number {
  const mean = kahanSum(values, lo, hi) / (hi - lo);
  return Number.isFinite(mean) ? mean : kahanSum(values, lo, hi, hi - lo);
}

/** Population variance (Welford, both running sums compensated); NaN when a value is not finite. */
export function variance(values: Float64Array, lo: number, hi: number): number {
  let mean = 0;
  let lostMean = 0;
  let squares = 0;
  let lostSquares = 0;
  for (let i = lo; i < hi; i++) {
    const value = values[i] ?? 0;
    const delta = value - (mean + lostMean);
    const shift = delta / (i - lo + 1);
    let total = mean + shift;
    lostMean += Math.abs(mean) >= Math.abs(shift) ? mean - total + shift : shift - total + mean;
    mean = total;
    const square = delta * (value - (mean + lostMean));
    total = squares + square;
    lostSquares +=
      Math.abs(squares) >= Math.abs(square) ? squares - total + square : square - total + squares;
    squares = total;
  }
  return (squares + lostSquares) / (hi - lo);
}
