import type { SyntaxNode } from '@lezer/common';
import type { AggregationOp, Binary, BinaryOp, Expr, Matching, Position, StringLiteral } from './ast.ts';
import { AGGREGATIONS, SET_OPERATIONS } from './ast.ts';
import type { DurationContext } from './duration.ts';
import { offsetDuration, rangeDuration } from './duration.ts';
import { badData } from './fault.ts';
import { parseNumber, unquote } from './literal.ts';
import { withAt, withOffset, withRange, withSubquery } from './postfix.ts';
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
    if (depth > MAX_DEPTH) throw badData(query, position, `nested more than ${MAX_DEPTH} levels deep`);
    const inner = (index: number): Expr => {
      const child = children(node).filter(isExpr)[index];
      if (!child) throw badData(query, position, 'parse error: an expression is missing here');
      return this.expr(child, depth + 1);
    };
    switch (node.name) {
      case 'NumberDurationLiteral':
        return this.#number(node);
      case 'StringLiteral':
        return this.#string(node);
      case 'VectorSelector':
        return selectorExpr(query, node);
      case 'ParenExpr':
        return { kind: 'paren', expr: inner(0), position };
      case 'UnaryExpr':
        return { kind: 'unary', op: this.#text(node).startsWith('-') ? '-' : '+', expr: inner(0), position };
      case 'BinaryExpr':
        return this.#binary(node, inner(0), inner(1));
      case 'FunctionCall':
        return {
          kind: 'call',
          name: this.#text(node.firstChild),
          args: this.#arguments(node, depth),
          position,
        };
      case 'AggregateExpr':
        return this.#aggregation(node, depth);
      case 'MatrixSelector':
        return withRange(query, inner(0), this.#duration(node, 0), position);
      case 'SubqueryExpr':
        return withSubquery(
          query,
          inner(0),
          this.#duration(node, 0),
          childrenNamed(node, 'DurationExpr').length > 1 ? this.#duration(node, 1) : undefined,
          position,
        );
      case 'OffsetExpr': {
        const [offset] = childrenNamed(node, 'OffsetDurationExpr');
        if (!offset) throw badData(query, position, 'parse error: offset needs a duration, e.g. offset 5m');
        return withOffset(query, inner(0), offsetDuration(query, offset, this.#context), position);
      }
      case 'StepInvariantExpr':
        return withAt(query, inner(0), this.#at(node), position);
      default:
        throw badData(query, position, `'${this.#text(node).split(/\s/).at(-1)}' is not supported here`);
    }
  }

  #text(node: SyntaxNode | null | undefined): string {
    return node ? this.#query.slice(node.from, node.to) : '';
  }

  #number(node: SyntaxNode): Expr {
    const text = this.#source.slice(node.from, node.to);
    const value = parseNumber(text.replaceAll(/\s/g, ''));
    const position = positionOf(node);
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
      grouping: modifier ? this.#labels(childrenNamed(modifier, 'GroupingLabels')[0]) : [],
      without: modifier ? /^without/i.test(this.#text(modifier)) : false,
      position,
    };
  }

  #labels(node: SyntaxNode | undefined): string[] {
    if (!node) return [];
    return children(node).flatMap((label) => {
      if (label.name === 'LabelName') return [this.#text(label)];
      const quoted = label.name === 'QuotedLabelName' ? label.firstChild : null;
      return quoted ? [this.#string(quoted).value] : [];
    });
  }

  #binary(node: SyntaxNode, left: Expr, right: Expr): Expr {
    const position = positionOf(node);
    const operator = children(node).find((child) => !isExpr(child));
    const op = this.#text(operator).toLowerCase();
    if (childrenNamed(node, 'FillModifier').length)
      throw badData(
        this.#query,
        position,
        'fill modifiers are not supported; use `or` with a default instead',
      );
    if (op === '</' || op === '>/')
      throw badData(this.#query, position, `'${op}' is not supported: native histograms are not stored`);
    const binary: Binary = {
      kind: 'binary',
      op: op as BinaryOp,
      left,
      right,
      bool: childrenNamed(node, 'BoolModifier').length > 0,
      ...this.#matching(childrenNamed(node, 'MatchingModifierClause')[0], op as BinaryOp),
      position,
    };
    // The grammar reads `-2` as a number, but `^` binds tighter than the sign.
    if (op === '^' && left.kind === 'number' && /^[+-]/.test(left.text)) {
      const text = left.text.slice(1).trimStart();
      const from: Position = { from: left.position.to - text.length, to: left.position.to };
      const base: Expr = { kind: 'number', value: Math.abs(left.value), text, position: from };
      return {
        kind: 'unary',
        op: left.text.startsWith('-') ? '-' : '+',
        expr: { ...binary, left: base, position: { from: from.from, to: position.to } },
        position,
      };
    }
    return binary;
  }

  #matching(
    clause: SyntaxNode | undefined,
    op: BinaryOp,
  ): { readonly matching: Matching; readonly explicitMatching: boolean } {
    const cardinality = SET_OPERATIONS.has(op) ? 'many-to-many' : 'one-to-one';
    if (!clause)
      return { matching: { on: false, labels: [], cardinality, include: [] }, explicitMatching: false };
    const names = new Set(children(clause).map((child) => child.name));
    const labels = childrenNamed(clause, 'GroupingLabels');
    const left = names.has('GroupLeft');
    const grouped = left || names.has('GroupRight');
    if (grouped && cardinality === 'many-to-many')
      throw badData(
        this.#query,
        positionOf(clause),
        `parse error: no grouping allowed for "${op}" operation`,
      );
    return {
      matching: {
        on: names.has('On'),
        labels: this.#labels(labels[0]),
        cardinality: grouped ? (left ? 'many-to-one' : 'one-to-many') : cardinality,
        include: this.#labels(labels[1]),
      },
      explicitMatching: true,
    };
  }
}
