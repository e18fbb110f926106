import { Sketch } from '#lib/model/sketch.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

export function writeSketch(out: ByteWriter, sketch: Sketch): void {
  const entries = [...sketch.counts].sort(([a], [b]) => a - b);
  out.varint(entries.length);
  if (entries.length === 0) return;
  out.float64(sketch.sum);
  out.float64(sketch.min);
  out.float64(sketch.max);
  let previous = 0;
  for (const [index, count] of entries) {
    out.zigzag(index - previous);
    out.number(count);
    previous = index;
  }
}

export function readSketch(input: ByteReader): Sketch {
  const sketch = new Sketch();
  const entries = input.count();
  if (entries === 0) return sketch;
  sketch.sum = input.float64();
  sketch.min = input.float64();
  sketch.max = input.float64();
  let index = 0;
  for (let i = 0; i < entries; i++) {
    index += input.zigzag();
    const count = input.number();
    sketch.counts.set(index, count);
    sketch.count += count;
  }
  return sketch;
}
