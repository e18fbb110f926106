import { Fault } from '#lib/model/fault.ts';

const MESSAGES: ReadonlyMap<string, 1 | 2> = new Map([
  ['prometheus.WriteRequest', 1],
  ['io.prometheus.write.v2.Request', 2],
]);

function unsupported(contentType: string): Fault {
  return new Fault(
    415,
    'unsupported-type',
    `Content-Type '${contentType.slice(0, 100)}' is not taken here; send application/x-protobuf, with proto=${[...MESSAGES.keys()].join(' or proto=')}`,
  );
}

/** Version of the message that a remote_write body holds; 1 where it does not say. Throws Fault 415. */
export function messageVersion(contentType: string): 1 | 2 {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (type.toLowerCase() !== 'application/x-protobuf') throw unsupported(contentType);
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim().toLowerCase() !== 'proto') continue;
    const version = MESSAGES.get(value.trim().replace(/^"(.*)"$/, '$1'));
    if (version === undefined) throw unsupported(contentType);
    return version;
  }
  return 1;
}

/** Each version passes over all that the other says: it would be taken for an empty batch, and lost. */
export function otherVersion(is: '1.0' | '2.0', said: '1.0' | '2.0'): Fault {
  return new Fault(
    400,
    'wrong-message-version',
    `the body is a message of remote_write ${is}, its Content-Type says ${said}: send application/x-protobuf;proto=${is === '2.0' ? 'io.prometheus.write.v2.Request' : 'prometheus.WriteRequest'}`,
  );
}
