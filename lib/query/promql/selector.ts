import type { SyntaxNode } from '@lezer/common';
import { METRIC_NAME } from '#lib/model/labels.ts';
import type { Matcher } from '#lib/model/metrics.ts';
import type { VectorSelector } from './ast.ts';
import { badData } from './fault.ts';
import { unquote } from './literal.ts';
import { regexProblem } from './regex.ts';
import { children, childrenNamed, positionOf } from './tree.ts';

const OPERATORS = new Map<string, Matcher['op']>([
  ['=', '='],
  ['!=', '!='],
  ['=~', '=~'],
  ['!~', '!~'],
]);

export function selectorExpr(query: string, node: SyntaxNode): VectorSelector {
  const position = positionOf(node);
  const text = (part: SyntaxNode | null | undefined): string => (part ? query.slice(part.from, part.to) : '');
  const identifier = childrenNamed(node, 'Identifier')[0];
  const braces = childrenNamed(node, 'LabelMatchers')[0];
  let name = identifier ? text(identifier) : undefined;
  const matchers: Matcher[] = [];
  for (const item of braces ? children(braces) : []) {
    if (item.name === 'QuotedLabelName') {
      if (name !== undefined)
        throw badData(
          query,
          positionOf(item),
          `parse error: metric name must not be set twice: "${name}" or ${text(item)}`,
        );
      name = unquote(query, text(item), positionOf(item)).value;
      continue;
    }
    const [label, op, value] = children(item);
    const labelName =
      label?.name === 'QuotedLabelName' ? unquote(query, text(label), positionOf(label)).value : text(label);
    const operator = OPERATORS.get(text(op));
    if (!operator || !value)
      throw badData(query, positionOf(item), 'parse error: a matcher is label="value"');
    matchers.push({
      name: labelName,
      op: operator,
      value: unquote(query, text(value), positionOf(value)).value,
    });
  }
  for (const { op, value } of matchers) {
    const problem = op === '=~' || op === '!~' ? regexProblem(value) : undefined;
    if (problem !== undefined)
      throw badData(query, position, `parse error: error parsing regexp: ${problem}`);
  }
  if (name !== undefined) {
    const named = matchers.find((matcher) => matcher.name === METRIC_NAME);
    if (named && identifier && named.op === '=')
      throw badData(
        query,
        position,
        `parse error: metric name must not be set twice: "${name}" or "${named.value}"`,
      );
    matchers.push({ name: METRIC_NAME, op: '=', value: name });
  }
  const shift = { offset: undefined, at: undefined };
  return { kind: 'selector', name, matchers, shift, extension: undefined, position };
}
