const LIMIT = 600;

/** Words before a quoted text that is the name of something in the schema, not a value. */
const NAMES =
  'relation|table|index|column|constraint|database|role|user|schema|function|type|sequence|view|trigger|parameter|extension|operator|cursor|publication|slot|server|tablespace|encoding|authentication';
const QUOTED_NAME = new RegExp(`(?:${NAMES})$`);

/** A server's message without the values that users gave it: names in quotes stay, other quoted texts and long numbers go. */
export function maskMessage(message: string): string {
  // Only the stderr format tells the place in the statement.
  const placeless = message.replace(/ at character \d{1,10}$/, '');
  const text = placeless.length > LIMIT ? `${placeless.slice(0, LIMIT)}…` : placeless;
  let out = '';
  let at = 0;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    const isApostrophe = c === 39 && /\w$/.test(out) && /^\w/.test(text.slice(at + 1, at + 2));
    if (c === 34 || (c === 39 && !isApostrophe)) {
      const quote = text.charAt(at);
      // A value at the message's end may hold quotes itself.
      const close = out.endsWith(': ') ? text.lastIndexOf(quote) : text.indexOf(quote, at + 1);
      const end = close <= at ? text.length : close + 1;
      out += c === 34 && close > at && QUOTED_NAME.test(out.trimEnd()) ? text.slice(at, end) : '?';
      at = end;
    } else if (c >= 48 && c <= 57 && !/[A-Za-z_]$/.test(out.slice(-1))) {
      let end = at;
      while (end < text.length && /[\w.:-]/.test(text.charAt(end))) end++;
      const number = text.slice(at, end);
      out += number.length >= 4 ? '?' : number;
      at = end;
    } else {
      out += text.charAt(at);
      at++;
    }
  }
  return out;
}
