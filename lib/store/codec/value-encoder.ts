import { wordsOf } from '#lib/model/metrics.ts';
import { BitsEncoder } from './bits-encoder.ts';
import { ByteWriter } from './bytes.ts';
import { PlaneWriter } from './plane-writer.ts';
import { ResidualLengths } from './residual-lengths.ts';
import { aboveLeast, deltas, deltasLess, dense, measureSigns } from './residuals.ts';
import * as f from './value-format.ts';
import { ValuesApart, writeBits } from './values-apart.ts';
import { type Scale, toWhole } from './whole-numbers.ts';

/** Series that lean on one another in a row, at most: reading the last one reads all of them. */
const MAX_CHAIN = 32;

/** Residuals that tell which predictor is best. */
const ENOUGH = 256;

/** Writes values of series after series, each of which may lean on the one before. Used again after `clear`. */
export class ValueEncoder {
  readonly modes = new ByteWriter(64);
  readonly widths = new ByteWriter(64);
  readonly numbers = new ByteWriter(1024);
  readonly planes = new PlaneWriter();
  private readonly apart = new ValuesApart();
  private readonly bits = new BitsEncoder(this.planes, this.apart, this.numbers);
  private readonly tried = new ResidualLengths();
  private whole = new Float64Array(0);
  private neighbour = new Float64Array(0);
  private residual = new Float64Array(0);
  private special = new Uint8Array(0);
  /** Decimals of the series in `neighbour`; -1 when there is none to lean on. */
  private neighbourDecimals = -1;
  private neighbourCount = 0;
  private chain = 0;
  /** Of the candidate that is best so far. */
  private readonly best = { predictor: 0, signed: false, width: 0, zeros: 0, cost: 0 };

  clear(): void {
    for (const out of [this.modes, this.widths, this.numbers, this.planes]) out.clear();
    this.noNeighbour();
  }

  private noNeighbour(): void {
    this.neighbourDecimals = -1;
    this.chain = 0;
  }

  private ensure(count: number): void {
    if (count <= this.whole.length) return;
    const size = Math.max(count, this.whole.length * 2, 512);
    const { neighbour } = this;
    this.whole = new Float64Array(size);
    this.neighbour = new Float64Array(size);
    this.neighbour.set(neighbour);
    this.residual = new Float64Array(size);
    this.special = new Uint8Array(size);
  }

  /** @param aligned the samples are at the same times as those of the series before */
  add(values: Float64Array, aligned: boolean): void {
    const count = values.length;
    const words = wordsOf(values);
    if (isConstant(words)) {
      this.noNeighbour();
      this.constant(values[0] ?? 0, words);
      return;
    }
    this.ensure(count);
    const scale = toWhole(values, this.whole, this.special);
    if (scale !== undefined) {
      this.wholes(words, count, scale, aligned && count === this.neighbourCount);
      return;
    }
    this.noNeighbour();
    const { mode, width } = this.bits.add(values, words);
    this.modes.byte(mode);
    this.widths.byte(width);
  }

  private constant(value: number, words: Uint32Array): void {
    this.widths.byte(0);
    this.modes.byte(Number.isNaN(value) ? f.CONSTANT_BITS : f.CONSTANT);
    if (Number.isNaN(value)) writeBits(this.numbers, words, 0);
    else this.numbers.number(value);
  }

  private wholes(words: Uint32Array, count: number, scale: Scale, aligned: boolean): void {
    const { whole, numbers, best, residual } = this;
    this.choose(count, scale, aligned);
    const leans = best.predictor >= f.LESS_NEIGHBOUR;
    const divisor = leans ? 1 : scale.divisor;
    const base = this.predict(count, best.predictor, divisor);
    const from = best.predictor === f.ABOVE_LEAST ? 0 : 1;
    this.setApart(count);
    const sparse = best.width >= 16 && best.zeros > count / 2;
    const scaled = scale.decimals > 0 || divisor > 1;
    this.modes.byte(
      f.WHOLE |
        best.predictor |
        (best.signed ? f.SIGNED : 0) |
        (sparse ? f.SPARSE : 0) |
        (this.apart.none ? 0 : f.PATCHED) |
        (scaled ? f.SCALED : 0),
    );
    this.widths.byte(best.width);
    numbers.zigzag(base);
    if (scaled) {
      numbers.byte(scale.decimals);
      numbers.varint(divisor);
    }
    this.apart.write(numbers, words, (i) => numbers.zigzag(whole[i] as number));
    if (sparse) {
      this.planes.bitmap((i) => residual[i] === 0, from, count);
      const end = dense(residual, from, count);
      numbers.varint(end - from);
      this.planes.numbers(residual, from, end, best.width);
    } else if (best.width > 0) this.planes.numbers(residual, from, count, best.width);
    this.chain = leans ? this.chain + 1 : 0;
    this.whole = this.neighbour;
    this.neighbour = whole;
    this.neighbourDecimals = scale.decimals;
    this.neighbourCount = count;
  }

  /** Sets `best`; of many residuals every so-manieth is enough to tell which predictor is. */
  private choose(count: number, { decimals, divisor }: Scale, aligned: boolean): void {
    const { best } = this;
    const stride = 1 + Math.floor(count / ENOUGH);
    best.cost = Number.POSITIVE_INFINITY;
    this.try(count, f.DELTA, divisor, stride);
    if (best.cost > 0) {
      this.try(count, f.ABOVE_LEAST, divisor, stride);
      if (aligned && decimals === this.neighbourDecimals && this.chain < MAX_CHAIN) {
        this.try(count, f.LESS_NEIGHBOUR, 1, stride);
        this.try(count, f.PLUS_NEIGHBOUR, 1, stride);
      }
    }
    if (stride === 1) return;
    best.cost = Number.POSITIVE_INFINITY;
    this.try(count, best.predictor, best.predictor >= f.LESS_NEIGHBOUR ? 1 : divisor, 1);
  }

  /** Signed residuals of a predictor; gives the number to start from. */
  private predict(count: number, predictor: number, divisor: number): number {
    const { whole, neighbour, residual } = this;
    if (predictor === f.DELTA) return deltas(whole, residual, count, divisor);
    if (predictor === f.LESS_NEIGHBOUR) return deltasLess(whole, neighbour, residual, count, 1);
    if (predictor === f.PLUS_NEIGHBOUR) return deltasLess(whole, neighbour, residual, count, -1);
    return aboveLeast(whole, residual, count, divisor);
  }

  private try(count: number, predictor: number, divisor: number, stride: number): void {
    const { tried, best, residual } = this;
    this.predict(count, predictor, divisor);
    const signed = measureSigns(residual, count, stride, tried.of);
    tried.measure(Math.ceil(count / stride));
    if (tried.cost >= best.cost) return;
    best.predictor = predictor;
    best.signed = signed;
    best.width = tried.width;
    best.zeros = tried.zeros;
    best.cost = tried.cost;
  }

  /** Makes residuals unsigned, and 0 where they do not fit. */
  private setApart(count: number): void {
    const { apart, residual, special } = this;
    const { signed, width } = this.best;
    const limit = 2 ** width;
    apart.clear();
    for (let i = 0; i < count; i++) {
      let r = residual[i] as number;
      if (signed) r = r < 0 ? -2 * r - 1 : 2 * r;
      if (r < 0 || r >= limit) {
        r = 0;
        apart.add(i, true);
      }
      residual[i] = r;
      if (special[i] === 1) apart.add(i, false);
    }
  }
}

function isConstant(words: Uint32Array): boolean {
  const low = words[0];
  const high = words[1];
  for (let i = 2; i < words.length; i += 2) if (words[i] !== low || words[i + 1] !== high) return false;
  return true;
}
