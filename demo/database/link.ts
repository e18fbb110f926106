import net from 'node:net';

const ANSWER_DELAY_MS = 1;

/**
 * The wire to the database: answers take a millisecond longer, as from a database in the next availability zone.
 * Without it every round trip on one machine is nearly free, and asking too often would cost nobody anything.
 */
export function openLink(port: number, databasePort: number): Promise<net.Server> {
  const server = net.createServer((client) => {
    const database = net.connect({ host: '127.0.0.1', port: databasePort, noDelay: true });
    client.setNoDelay();
    client.pipe(database);
    database.on('data', (chunk) => setTimeout(() => client.write(chunk), ANSWER_DELAY_MS));
    database.on('close', () => setTimeout(() => client.destroy(), ANSWER_DELAY_MS));
    client.on('close', () => database.destroy());
    client.on('error', () => database.destroy());
    database.on('error', () => client.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
