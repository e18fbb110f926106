import type { SyntaxNode } from '@lezer/common';
import type { AggregationOp, BinaryOp, Expr, Position, StringLiteral } from './ast.ts';
import { AGGREGATIONS, SET_OPERATIONS } from './ast.ts';
import type { DurationContext } from './duration.ts';
import { offsetDuration, rangeDuration } from './duration.ts';
import { badData } from './fault.ts';
import { parseNumber, unquote } from './literal.ts';
import { labelList, matchingOf } from './matching.ts';
import { withAt, withExtension, withOffset, withRange, withSubquery } from './postfix.ts';
import { grouped, type Infix, type Token } from './precedence.ts';
import { selectorExpr } from './selector.ts';
import { children, childrenNamed, isExpr, positionOf } from './tree.ts';

const MAX_DEPTH = 500;

/** Turns the grammar's tree into expressions, and puts right what the grammar reads otherwise than Prometheus. */
export class Builder {
  readonly #query: string;
  /** What the grammar saw: of the query's length, with numbers it knows. */
  readonly #source: string;
  readonly #context: DurationContext;

  constructor(query: string, source: string, context: DurationContext) {
    this.#query = query;
    this.#source = source;
    this.#context = context;
  }

  expr(node: SyntaxNode, depth: number): Expr {
    const query = this.#query;
    const position = positionOf(node);
    if (depth > MAX_DEPTH) throw this.#tooDeep(node);
    switch (node.name) {
      case 'StringLiteral':
        return this.#string(node);
      case 'VectorSelector':
        return selectorExpr(query, node);
      case 'ParenExpr':
        return { kind: 'paren', expr: this.expr(this.#operand(node, 0), depth + 1), position };
      case 'FunctionCall':
        return {
          kind: 'call',
          name: this.#text(node.firstChild),
          args: this.#arguments(node, depth),
          position,
        };
      case 'AggregateExpr':
        return this.#aggregation(node, depth);
      case 'NumberDurationLiteral':
      case 'UnaryExpr':
      case 'BinaryExpr':
      case 'MatrixSelector':
      case 'SubqueryExpr':
      case 'OffsetExpr':
      case 'AnchoredExpr':
      case 'SmoothedExpr':
      case 'StepInvariantExpr': {
        const tokens: Token[] = [];
        this.#flatten(node, depth, tokens);
        const expr = grouped(tokens);
        if (!expr) throw badData(query, position, 'parse error: an operand is missing here');
        return expr;
      }
      default:
        throw badData(query, position, `'${this.#text(node).split(/\s/).at(-1)}' is not supported here`);
    }
  }

  /**
   * Operands, signs and operators as written. The grammar's own grouping is not Prometheus': a suffix takes the
   * whole expression in front of it (`a + b offset 5m * c`), and a sign belongs to its number (`-2 ^ 2`).
   */
  #flatten(node: SyntaxNode, depth: number, tokens: Token[]): void {
    if (depth > MAX_DEPTH) throw this.#tooDeep(node);
    const first = (): void => this.#flatten(this.#operand(node, 0), depth + 1, tokens);
    switch (node.name) {
      case 'NumberDurationLiteral': {
        const text = this.#text(node);
        if (/^[+-]/.test(text))
          tokens.push({ kind: 'sign', op: text.startsWith('-') ? '-' : '+', from: node.from });
        tokens.push({ kind: 'operand', expr: this.#number(node) });
        return;
      }
      case 'UnaryExpr':
        tokens.push({ kind: 'sign', op: this.#text(node).startsWith('-') ? '-' : '+', from: node.from });
        first();
        return;
      case 'BinaryExpr':
        first();
        tokens.push({ kind: 'infix', infix: this.#infix(node) });
        this.#flatten(this.#operand(node, 1), depth + 1, tokens);
        return;
      case 'MatrixSelector':
      case 'SubqueryExpr':
      case 'OffsetExpr':
      case 'AnchoredExpr':
      case 'SmoothedExpr':
      case 'StepInvariantExpr': {
        first();
        const last = tokens.pop();
        if (last?.kind === 'operand') tokens.push({ kind: 'operand', expr: this.#suffixed(node, last.expr) });
        return;
      }
      default:
        tokens.push({ kind: 'operand', expr: this.expr(node, depth + 1) });
    }
  }

  #suffixed(node: SyntaxNode, expr: Expr): Expr {
    const query = this.#query;
    const position: Position = { from: expr.position.from, to: node.to };
    switch (node.name) {
      case 'MatrixSelector':
        return withRange(query, expr, this.#duration(node, 0), position);
      case 'SubqueryExpr': {
        const hasStep = childrenNamed(node, 'DurationExpr').length > 1;
        const step = hasStep ? this.#duration(node, 1) : undefined;
        return withSubquery(query, expr, this.#duration(node, 0), step, position);
      }
      case 'OffsetExpr': {
        const [offset] = childrenNamed(node, 'OffsetDurationExpr');
        if (!offset) throw badData(query, position, 'parse error: offset needs a duration, e.g. offset 5m');
        return withOffset(query, expr, offsetDuration(query, offset, this.#context), position);
      }
      case 'AnchoredExpr':
        return withExtension(query, expr, 'anchored', position);
      case 'SmoothedExpr':
        return withExtension(query, expr, 'smoothed', position);
      default:
        return withAt(query, expr, this.#at(node), position);
    }
  }

  #tooDeep(node: SyntaxNode): Error {
    return badData(this.#query, positionOf(node), `nested more than ${MAX_DEPTH} levels deep`);
  }

  #operand(node: SyntaxNode, index: number): SyntaxNode {
    const child = children(node).filter(isExpr)[index];
    if (!child) throw badData(this.#query, positionOf(node), 'parse error: an expression is missing here');
    return child;
  }

  #text(node: SyntaxNode | null | undefined): string {
    return node ? this.#query.slice(node.from, node.to) : '';
  }

  /** Without its sign, which is a token of its own. */
  #number(node: SyntaxNode): Expr {
    const text = this.#source.slice(node.from, node.to).replace(/^[+-]/, '').trim();
    const value = parseNumber(text);
    const position: Position = { from: node.to - text.length, to: node.to };
    if (value === undefined) throw badData(this.#query, position, `parse error: bad number '${text}'`);
    return { kind: 'number', value, text, position };
  }

  #string(node: SyntaxNode): StringLiteral {
    const position = positionOf(node);
    return { kind: 'string', ...unquote(this.#query, this.#text(node), position), position };
  }

  #duration(node: SyntaxNode, index: number) {
    const position = positionOf(node);
    const duration = childrenNamed(node, 'DurationExpr')[index];
    if (!duration) throw badData(this.#query, position, 'parse error: a range needs a duration, e.g. [5m]');
    return rangeDuration(this.#query, duration, this.#context);
  }

  #at(node: SyntaxNode): number | 'start' | 'end' {
    const named = childrenNamed(node, 'AtModifierPreprocessors')[0];
    if (named) return this.#text(named).toLowerCase().startsWith('start') ? 'start' : 'end';
    const literal = childrenNamed(node, 'NumberDurationLiteral').at(-1);
    const seconds = literal ? parseNumber(this.#text(literal).replaceAll(/\s/g, '')) : undefined;
    if (seconds === undefined || !Number.isFinite(seconds) || Math.abs(seconds) > 9e15)
      throw badData(this.#query, positionOf(node), `timestamp out of bounds for @ modifier: ${seconds}`);
    return Math.round(seconds * 1000);
  }

  #arguments(node: SyntaxNode, depth: number): Expr[] {
    const body = childrenNamed(node, 'FunctionCallBody')[0];
    return body
      ? children(body)
          .filter(isExpr)
          .map((argument) => this.expr(argument, depth + 1))
      : [];
  }

  #aggregation(node: SyntaxNode, depth: number): Expr {
    const position = positionOf(node);
    const name = this.#text(childrenNamed(node, 'AggregateOp')[0]).toLowerCase();
    const op = AGGREGATIONS.find((known): known is AggregationOp => known === name);
    const args = this.#arguments(node, depth);
    const modifier = childrenNamed(node, 'AggregateModifier')[0];
    const takesParam = /^(?:topk|bottomk|quantile|count_values|limitk|limit_ratio)$/.test(name);
    const expr = args.at(-1);
    if (!op || !expr || args.length !== (takesParam ? 2 : 1)) {
      throw badData(
        this.#query,
        position,
        `parse error: wrong number of arguments for aggregate expression provided, expected ${takesParam ? 2 : 1}, got ${args.length}`,
      );
    }
    return {
      kind: 'aggregation',
      op,
      expr,
      param: takesParam ? args[0] : undefined,
      grouping: modifier ? labelList(this.#query, childrenNamed(modifier, 'GroupingLabels')[0]) : [],
      without: modifier ? /^without/i.test(this.#text(modifier)) : false,
      position,
    };
  }

  #infix(node: SyntaxNode): Infix {
    const op = this.#text(children(node).find((child) => !isExpr(child))).toLowerCase() as BinaryOp;
    const matching = childrenNamed(node, 'MatchingModifierClause')[0];
    return {
      op,
      bool: childrenNamed(node, 'BoolModifier').length > 0,
      ...matchingOf(this.#query, matching, op, this.#fill(node, op)),
    };
  }

  /** `fill(0)`, `fill_left(0)`, `fill_right(0)` */
  #fill(node: SyntaxNode, op: BinaryOp): { fillLeft: number | undefined; fillRight: number | undefined } {
    const fill: { fillLeft: number | undefined; fillRight: number | undefined } = {
      fillLeft: undefined,
      fillRight: undefined,
    };
    for (const modifier of childrenNamed(node, 'FillModifier')) {
      if (SET_OPERATIONS.has(op))
        throw badData(this.#query, positionOf(modifier), `filling in missing series not allowed for "${op}"`);
      const clauses = children(modifier).filter(({ name }) => /^Fill(?:Left|Right)?Clause$/.test(name));
      for (const clause of clauses) {
        const text = /\(([^)]*)\)/.exec(this.#text(clause))?.[1] ?? '';
        const value = parseNumber(text);
        if (value === undefined)
          throw badData(this.#query, positionOf(clause), `parse error: fill needs a number, got '${text}'`);
        if (clause.name !== 'FillRightClause') fill.fillLeft = value;
        if (clause.name !== 'FillLeftClause') fill.fillRight = value;
      }
    }
    return fill;
  }
}
