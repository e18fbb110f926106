/** Brackets opened around the current token. */
interface Frame {
  /** Index of the opening bracket in the output. */
  readonly open: number;
  /** Items seen in a list of values; undefined where repetition means something. */
  readonly items: Set<string> | undefined;
  /** Index of the current item's first token in the output. */
  item: number;
}

/** Deeper lists stay as they are: each level is read once more. */
const DEEPEST = 6;

const startsQuery = (token: string | undefined): boolean => /^(select|with|values|table)$/i.test(token ?? '');

class Collapser {
  readonly out: string[] = [];
  private readonly frames: Frame[] = [];
  private lists = 0;
  /** Tuples seen after VALUES, while its list lasts. */
  private tuples: Set<string> | undefined;
  private tuplesDepth = -1;

  private closeItem(frame: Frame): void {
    const { items } = frame;
    if (items === undefined || startsQuery(this.out[frame.item])) return;
    const item = this.out.slice(frame.item).join(' ');
    if (item.includes('?') && items.has(item)) this.out.length = Math.max(frame.item - 1, frame.open + 1);
    else items.add(item);
  }

  private openBracket(token: string): void {
    const before = this.out.at(-1)?.toLowerCase();
    if (token === '(' && (before === 'values' || before === 'value') && this.tuples === undefined) {
      this.tuples = new Set();
      this.tuplesDepth = this.frames.length;
    }
    const isList = (token === '(' && before === 'in') || (token === '[' && before === 'array');
    const listed = isList && this.lists < DEEPEST;
    if (listed) this.lists++;
    this.out.push(token);
    this.frames.push({
      open: this.out.length - 1,
      items: listed ? new Set() : undefined,
      item: this.out.length,
    });
  }

  private closeBracket(token: string): void {
    const frame = this.frames.pop();
    if (frame === undefined) {
      this.out.push(token);
      return;
    }
    this.closeItem(frame);
    if (frame.items !== undefined) this.lists--;
    this.out.push(token);
    if (this.tuples !== undefined && this.frames.length === this.tuplesDepth) {
      const tuple = this.out.slice(frame.open).join(' ');
      if (this.tuples.has(tuple) && this.out[frame.open - 1] === ',') this.out.length = frame.open - 1;
      else this.tuples.add(tuple);
    }
  }

  private endsTuples(token: string): boolean {
    if (this.tuples === undefined || this.frames.length !== this.tuplesDepth) return false;
    return token === '(' ? this.out.at(-1) !== ',' : token !== ',';
  }

  push(token: string): void {
    if (this.tuples !== undefined && this.tuples.size > 0 && this.endsTuples(token)) this.tuples = undefined;
    if (token === '(' || token === '[') {
      this.openBracket(token);
    } else if (token === ')' || token === ']') {
      this.closeBracket(token);
    } else {
      const frame = this.frames.at(-1);
      if (token === ',' && frame !== undefined) {
        this.closeItem(frame);
        this.out.push(token);
        frame.item = this.out.length;
      } else {
        this.out.push(token);
      }
    }
  }
}

/** Leaves one of each different item in IN and ARRAY lists, and one of each different tuple after VALUES. */
export function collapseLists(tokens: readonly string[]): string[] {
  const collapser = new Collapser();
  for (const token of tokens) collapser.push(token);
  return collapser.out;
}
