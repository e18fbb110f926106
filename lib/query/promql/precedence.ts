import type { Binary, BinaryOp, Expr, Position } from './ast.ts';

/** What stands between two operands: an operator with its modifiers. */
export type Infix = Omit<Binary, 'kind' | 'left' | 'right' | 'position'>;

export type Token =
  | { readonly kind: 'operand'; readonly expr: Expr }
  | { readonly kind: 'sign'; readonly op: '+' | '-'; readonly from: number }
  | { readonly kind: 'infix'; readonly infix: Infix };

const LEVEL: Readonly<Record<BinaryOp, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '</': 3,
  '>/': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
/** A sign binds like `*`, so only `^` is part of what it negates. */
const UNDER_SIGN = LEVEL['^'];

/** Groups operands and operators in the order they were written; undefined when they do not alternate. */
export function grouped(tokens: readonly Token[]): Expr | undefined {
  let next = 0;

  function operand(): Expr | undefined {
    const token = tokens[next++];
    if (token?.kind === 'operand') return token.expr;
    if (token?.kind !== 'sign') return undefined;
    const inner = climb(UNDER_SIGN);
    if (!inner) return undefined;
    const position: Position = { from: token.from, to: inner.position.to };
    if (inner.kind !== 'number') return { kind: 'unary', op: token.op, expr: inner, position };
    const value = token.op === '-' ? -inner.value : inner.value;
    return { kind: 'number', value, text: token.op + inner.text, position };
  }

  function climb(level: number): Expr | undefined {
    let left = operand();
    for (;;) {
      const token = tokens[next];
      if (!left || token?.kind !== 'infix' || LEVEL[token.infix.op] < level) return left;
      next++;
      const own = LEVEL[token.infix.op];
      const right = climb(token.infix.op === '^' ? own : own + 1);
      if (!right) return undefined;
      const position: Position = { from: left.position.from, to: right.position.to };
      left = { kind: 'binary', ...token.infix, left, right, position };
    }
  }

  const expr = climb(0);
  return next === tokens.length ? expr : undefined;
}
