import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, Scalar, visit } from 'yaml';
import { ConfigError } from './problem.ts';

/** A YAML file as a plain value whose scalars are all texts, and the line of each part. */
export interface YamlSource {
  /** undefined when the file is empty */
  readonly value: unknown;
  /** Line of what stands at the path, or of the nearest thing around it that exists. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
  /** The file's YAML with `<secret>` in place of each secret. To be called last: it changes the document. */
  masked(): string;
}

/** Keys whose value is a secret, as the inline forms of Prometheus' client settings name them. */
const SECRETS: ReadonlySet<unknown> = new Set([
  ...['password', 'credentials', 'bearer_token', 'secrets', 'client_secret', 'key'],
]);

const NOTHING: ReadonlySet<unknown> = new Set(['', '~', 'null', 'Null', 'NULL']);

/** Throws a `ConfigError` when it is not YAML. @param file for messages */
export function parseYaml(source: string, file: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(source, {
    schema: 'failsafe',
    merge: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const problems = document.errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    message: `not valid YAML: ${error.message}`,
  }));
  if (problems.length > 0) throw new ConfigError(problems);
  // A key without a value is as good as absent.
  visit(document, {
    Pair(_key, { value }) {
      const isNothing = isScalar(value) && value.type === 'PLAIN' && NOTHING.has(value.value);
      return isNothing ? visit.REMOVE : undefined;
    },
  });
  const { contents } = document;
  const isEmpty = contents === null || (isScalar(contents) && NOTHING.has(contents.value));
  let value: unknown;
  try {
    value = isEmpty ? undefined : document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ file, line: undefined, message: `not valid YAML: ${message}` }]);
  }
  const lineAt = (offset: number | undefined) =>
    offset === undefined ? undefined : lines.linePos(offset).line;
  return {
    value,
    masked() {
      visit(document, {
        Pair(_key, pair) {
          if (!isScalar(pair.key) || !SECRETS.has(pair.key.value)) return;
          if (isScalar(pair.value)) pair.value = new Scalar('<secret>');
          else if (isSeq(pair.value)) pair.value.items = pair.value.items.map(() => new Scalar('<secret>'));
        },
      });
      return isEmpty ? '' : String(document);
    },
    lineOf(path) {
      let node: unknown = contents;
      let line = lineAt((contents as Node | null)?.range?.[0]);
      for (const step of path) {
        if (isAlias(node)) node = node.resolve(document);
        if (isMap(node)) {
          const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
          if (pair === undefined) break;
          line = lineAt((pair.key as Node).range?.[0]);
          node = pair.value;
        } else if (isSeq(node) && typeof step === 'number') {
          node = node.items[step];
          line = lineAt((node as Node | undefined)?.range?.[0]) ?? line;
        } else break;
      }
      return line;
    },
  };
}
