/** Numbers and names as sentences write them. */

const trim = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

export function ms(value: number): string {
  if (value >= 60_000) return `${trim(value / 60_000, 1)} min`;
  if (value >= 1000) return `${trim(value / 1000, 2)} s`;
  return `${trim(value, value < 10 ? 1 : 0)} ms`;
}

export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let scaled = value;
  let unit = 0;
  while (Math.abs(scaled) >= 1024 && unit < units.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${trim(scaled, scaled < 10 ? 1 : 0)} ${units[unit]}`;
}

export const percent = (ratio: number): string => `${trim(ratio * 100, ratio < 0.1 ? 1 : 0)} %`;
export const times = (factor: number): string => `${trim(factor, factor < 10 ? 1 : 0)} times`;
export const count = (value: number): string =>
  trim(value, value < 10 ? 1 : 0).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** A statement as short as a title allows. */
export function shorten(text: string, limit = 90): string {
  const chars = [...text];
  return chars.length <= limit ? text : `${chars.slice(0, limit - 1).join('')}…`;
}

export const code = (text: string): string => `\`${text}\``;
