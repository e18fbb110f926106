/** OpenTelemetry `AnyValue`: bytes arrive base64-coded, integers beyond 2^53 as decimal text, maps as `kvlist`. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly kvlist: Attributes };
export type Attribute = readonly [key: string, value: AttributeValue];
/** In the order they arrived; a list, not an object, so that no key can touch a prototype. */
export type Attributes = readonly Attribute[];

export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];
export const SPAN_STATUSES = ['unset', 'ok', 'error'] as const;
export type SpanStatus = (typeof SPAN_STATUSES)[number];

export interface Resource {
  /** `service.name`, or `unknown_service` where it is missing (OpenTelemetry resource semantic conventions). */
  readonly service: string;
  /** `service.instance.id`, else `host.name`, else `''`. */
  readonly instance: string;
  readonly attributes: Attributes;
}

export interface Scope {
  readonly name: string;
  readonly version: string;
}

export interface SpanEvent {
  readonly atUs: number;
  readonly name: string;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

export interface Span {
  /** 32 lower-case hex digits */
  readonly traceId: string;
  /** 16 lower-case hex digits */
  readonly spanId: string;
  /** `''` for a root */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Microseconds since the epoch; a fraction carries what is left of the nanoseconds (to about 0.25 µs). */
  readonly startUs: number;
  /** Microseconds, never negative: a span that ends before it starts gets 0 and a warning. */
  readonly durationUs: number;
  readonly status: SpanStatus;
  readonly statusMessage: string;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly traceState: string;
  /** One object shared by all spans of a batch that have the same resource. */
  readonly resource: Resource;
  readonly scope: Scope;
  /** What was odd and mended on the way in; shown to people. */
  readonly warnings: readonly string[];
}

export interface Trace {
  readonly traceId: string;
  /** Ordered by start. */
  readonly spans: readonly Span[];
}

export function attribute(attributes: Attributes, key: string): AttributeValue | undefined {
  for (const pair of attributes) if (pair[0] === key) return pair[1];
  return undefined;
}

/** Text of the first of several attributes that is there (old and new semantic conventions side by side). */
export function attributeText(attributes: Attributes, ...keys: readonly string[]): string {
  for (const key of keys) {
    const value = attribute(attributes, key);
    if (value !== undefined && value !== null && typeof value !== 'object') return String(value);
  }
  return '';
}
