// Completes package-lock.json with the optional packages of other platforms that a registry did not offer when the
// lock was written: without an entry for each, `npm ci` refuses the lock on every machine. Run after `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = /(?:^|-)(android|darwin|freebsd|linux|win32)(?:-|$)/;
const CPU = /-(x64|arm64|arm|ia32|wasm32)(?:-|$)/;
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const isListed = [`${path}/node_modules/${name}`, `node_modules/${name}`].some(
      (place) => place in lock.packages,
    );
    if (isListed || !/^\d+\.\d+\.\d+$/.test(version)) continue;
    const [os, cpu] = [OS.exec(name)?.[1], CPU.exec(name)?.[1]];
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu ? { cpu: [cpu] } : {}),
      ...(entry.dev ? { dev: true } : {}),
      ...(name.endsWith('-musl') ? { libc: ['musl'] } : {}),
      optional: true,
      ...(os ? { os: [os] } : {}),
    };
    added++;
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added to the lock`);
