import type { Attributes, AttributeValue, Span } from '#lib/model/span.ts';

/**
 * Names and values in turn, each as an index in the trace's `texts`: spans repeat them a thousand times. Values of
 * any shape are text, lists and maps as JSON.
 */
export type AttributeIndices = readonly number[];

export interface SpanDetails {
  readonly spanId: string;
  readonly attributes: AttributeIndices;
  /** `atUs` counts from the start of the trace. */
  readonly events?: readonly {
    readonly atUs: number;
    readonly name: string;
    readonly attributes: AttributeIndices;
  }[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: AttributeIndices;
  }[];
  /** Index in `resources`. */
  readonly resource: number;
  /** Instrumentation scope, index in `texts`. */
  readonly scope?: number;
  readonly statusMessage?: string;
  readonly traceState?: string;
  /** Odd things about it, in words. */
  readonly warnings?: readonly string[];
  /** A database statement: index in `texts`, and the fingerprint of its shape. */
  readonly statement?: { readonly text: number; readonly fingerprint: string };
}

/** A database statement of a span and the fingerprint of its shape. */
export interface SpanStatement {
  readonly text: string;
  readonly fingerprint: string;
}

export interface DetailsContext {
  readonly resource: number;
  /** start of the trace */
  readonly startUs: number;
  readonly warnings: readonly string[];
  readonly statement: SpanStatement | undefined;
  readonly texts: Texts;
}

/** What is empty is left out: a trace has thousands of spans. */
export function detailsOf(span: Span, context: DetailsContext): SpanDetails {
  const { resource, startUs, warnings, statement, texts } = context;
  const scope = [span.scope.name, span.scope.version].filter(Boolean).join(' ');
  return {
    spanId: span.spanId,
    attributes: texts.attributes(span.attributes),
    resource,
    ...(span.events.length > 0
      ? {
          events: span.events.map((event) => ({
            atUs: event.atUs - startUs,
            name: event.name,
            attributes: texts.attributes(event.attributes),
          })),
        }
      : {}),
    ...(span.links.length > 0
      ? { links: span.links.map((link) => ({ ...link, attributes: texts.attributes(link.attributes) })) }
      : {}),
    ...(scope ? { scope: texts.index(scope) } : {}),
    ...(span.statusMessage ? { statusMessage: span.statusMessage } : {}),
    ...(span.traceState ? { traceState: span.traceState } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(statement
      ? { statement: { text: texts.index(statement.text), fingerprint: statement.fingerprint } }
      : {}),
  };
}

/** Every text once. */
export class Texts {
  readonly list: string[] = [];
  private readonly indices = new Map<string, number>();

  index(text: string): number {
    const known = this.indices.get(text);
    if (known !== undefined) return known;
    this.indices.set(text, this.list.length);
    return this.list.push(text) - 1;
  }

  attributes(attributes: Attributes): number[] {
    return attributes.flatMap(([name, value]) => [this.index(name), this.index(attributeAsText(value))]);
  }
}

/** The attributes behind the indices, in the order they arrived. */
export function attributePairs(
  trace: { readonly texts: readonly string[] },
  indices: AttributeIndices,
): (readonly [name: string, text: string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < indices.length; i += 2)
    pairs.push([trace.texts[indices[i] ?? -1] ?? '', trace.texts[indices[i + 1] ?? -1] ?? '']);
  return pairs;
}

function attributeAsText(value: AttributeValue): string {
  return typeof value === 'string' ? value : asJson(value);
}

/** Not through an object: a name such as `__proto__` must stay a name. */
function asJson(value: AttributeValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(asJson).join(', ')}]`;
  return `{${value.kvlist.map(([name, inner]) => `${JSON.stringify(name)}: ${asJson(inner)}`).join(', ')}}`;
}

const isList = (value: object): value is readonly AttributeValue[] => Array.isArray(value);
