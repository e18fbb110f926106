export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** Control characters in telemetry must not forge log lines or drive a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]/g;

/** One line an event: time, level, words, key=value. */
export function createLog(
  write: (line: string) => void = (line) => process.stdout.write(line),
  now: () => Date = () => new Date(),
): Log {
  const emit = (level: string, message: string, fields: Fields = {}): void => {
    const tail = Object.entries(fields)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => ` ${k}=${typeof v === 'string' && /[\s"=]/.test(v) ? JSON.stringify(v) : v}`)
      .join('');
    write(`${now().toISOString()} ${level} ${`${message}${tail}`.replace(UNPRINTABLE, ' ')}\n`);
  };
  return {
    info: (m, f) => emit('info ', m, f),
    warn: (m, f) => emit('warn ', m, f),
    error: (m, f) => emit('error', m, f),
  };
}
