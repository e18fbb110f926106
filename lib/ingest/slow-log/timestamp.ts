/** Hours east of UTC of the zone names that PostgreSQL prints. CST, IST and AST are ambiguous: the larger user base wins. */
const ZONE_HOURS = new Map<string, number>(
  Object.entries({
    UTC: 0,
    UCT: 0,
    GMT: 0,
    Z: 0,
    WET: 0,
    WEST: 1,
    BST: 1,
    CET: 1,
    CEST: 2,
    MET: 1,
    MEST: 2,
    EET: 2,
    EEST: 3,
    MSK: 3,
    TRT: 3,
    WAT: 1,
    CAT: 2,
    SAST: 2,
    EAT: 3,
    IDT: 3,
    GST: 4,
    PKT: 5,
    IST: 5.5,
    NPT: 5.75,
    WIB: 7,
    ICT: 7,
    HKT: 8,
    SGT: 8,
    PHT: 8,
    PST8PDT: -8,
    AWST: 8,
    WITA: 8,
    JST: 9,
    KST: 9,
    WIT: 9,
    ACST: 9.5,
    ACDT: 10.5,
    AEST: 10,
    AEDT: 11,
    NZST: 12,
    NZDT: 13,
    NST: -3.5,
    NDT: -2.5,
    AST: -4,
    ADT: -3,
    EST: -5,
    EDT: -4,
    CST: -6,
    CDT: -5,
    MST: -7,
    MDT: -6,
    PST: -8,
    PDT: -7,
    AKST: -9,
    AKDT: -8,
    HST: -10,
    BRT: -3,
    ART: -3,
    UYT: -3,
    CLT: -4,
    CLST: -3,
    COT: -5,
    PET: -5,
    VET: -4,
  }),
);

const HOUR_MS = 3_600_000;

export interface Timestamp {
  /** ms since the epoch */
  readonly at: number;
  /** Index after the timestamp and its zone. */
  readonly end: number;
  /** What stood in the zone's place when nobody knows it; such a time is read as UTC. */
  readonly unknownZone: string | undefined;
}

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isUpper = (c: number): boolean => c >= 65 && c <= 90;

function number(text: string, from: number, length: number): number {
  let value = 0;
  for (let i = from; i < from + length; i++) {
    const c = text.charCodeAt(i);
    if (!isDigit(c)) return Number.NaN;
    value = value * 10 + c - 48;
  }
  return value;
}

/** Offset at `i` such as +02, -0330, +05:45; `end` is `i` when there is none. */
function offset(text: string, i: number): { hours: number; end: number } {
  const sign = text.charCodeAt(i) === 45 ? -1 : 1;
  const hours = number(text, i + 1, 2);
  if (Number.isNaN(hours)) return { hours: 0, end: i };
  const colon = text.charCodeAt(i + 3) === 58 ? 1 : 0;
  const minutes = number(text, i + 3 + colon, 2);
  if (Number.isNaN(minutes)) return { hours: sign * hours, end: i + 3 };
  return { hours: sign * (hours + minutes / 60), end: i + 5 + colon };
}

/**
 * Reads `YYYY-MM-DD hh:mm:ss[.fraction][ zone]` (or with T) at `from`; without a zone it is UTC.
 * undefined when no timestamp stands there.
 */
export function readTimestamp(text: string, from: number): Timestamp | undefined {
  if (text.charCodeAt(from + 4) !== 45 || text.charCodeAt(from + 7) !== 45) return undefined;
  const separator = text.charCodeAt(from + 10);
  if ((separator !== 32 && separator !== 84) || text.charCodeAt(from + 13) !== 58) return undefined;
  if (text.charCodeAt(from + 16) !== 58) return undefined;
  let at = Date.UTC(
    number(text, from, 4),
    number(text, from + 5, 2) - 1,
    number(text, from + 8, 2),
    number(text, from + 11, 2),
    number(text, from + 14, 2),
    number(text, from + 17, 2),
  );
  if (Number.isNaN(at)) return undefined;
  let end = from + 19;
  if ((text.charCodeAt(end) === 46 || text.charCodeAt(end) === 44) && isDigit(text.charCodeAt(end + 1))) {
    let scale = 100;
    for (end += 1; isDigit(text.charCodeAt(end)); end++) {
      at += (text.charCodeAt(end) - 48) * scale;
      scale /= 10;
    }
    at = Math.floor(at);
  }
  const zoneAt = text.charCodeAt(end) === 32 ? end + 1 : end;
  const c = text.charCodeAt(zoneAt);
  if (c === 43 || c === 45) {
    const zone = offset(text, zoneAt);
    if (zone.end > zoneAt) return { at: at - zone.hours * HOUR_MS, end: zone.end, unknownZone: undefined };
  } else if (isUpper(c)) {
    let zoneEnd = zoneAt;
    while (isUpper(text.charCodeAt(zoneEnd)) && zoneEnd - zoneAt < 6) zoneEnd++;
    const name = text.slice(zoneAt, zoneEnd);
    const hours = ZONE_HOURS.get(name);
    if (hours === undefined) return { at, end: name.length > 1 ? zoneEnd : end, unknownZone: name };
    return { at: at - hours * HOUR_MS, end: zoneEnd, unknownZone: undefined };
  }
  return { at, end, unknownZone: undefined };
}
