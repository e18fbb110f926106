import { describe, expect, test } from 'vitest';
import { Changes } from './changes.ts';

describe('what changed since', () => {
  test('nothing, at first', () => {
    expect(new Changes().changedSince(0)).toBe(Number.POSITIVE_INFINITY);
  });

  test('the oldest time of all changes after that version', () => {
    const changes = new Changes();
    changes.note(500);
    const between = changes.version;
    changes.note(800);
    expect(changes.changedSince(0)).toBe(500);
    expect(changes.changedSince(between)).toBe(800);
    expect(changes.changedSince(changes.version)).toBe(Number.POSITIVE_INFINITY);
    changes.note(300);
    expect(changes.changedSince(between)).toBe(300);
  });

  test('everything, once too many changes came to remember them all', () => {
    const changes = new Changes();
    for (let i = 0; i < 2000; i++) changes.note(i);
    expect(changes.changedSince(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(changes.changedSince(1999)).toBe(1999);
  });
});
