import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './problem.ts';
import type { YamlSource } from './yaml-source.ts';

/** `scrape_configs[0].relabel_configs[2].action` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text}${text && '.'}${String(step).slice(0, 80)}`,
    '',
  );
}

/**
 * Holds (a part of) a YAML file to a schema. Throws a `ConfigError` that names each problem's line.
 * @param at where in the file the value stands
 */
export function checkYaml<T>(
  schema: z.ZodType<T>,
  value: unknown,
  where: { readonly source: YamlSource; readonly file: string; readonly at?: readonly PropertyKey[] },
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue): ConfigProblem => {
      const path = [...(where.at ?? []), ...issue.path];
      const message =
        issue.code === 'invalid_type' && issue.input === undefined ? 'is missing' : issue.message;
      const place = pathText(path);
      return {
        file: where.file,
        line: where.source.lineOf(path),
        message: place === '' ? message : `${place}: ${message}`,
      };
    }),
  );
}
