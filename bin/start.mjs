// `npm start`, `npm run dev`, `npm run demo [-- fault <name> [on|off] | -- faults]`
import process from 'node:process';
import { bootstrap, handOver } from './bootstrap.mjs';

const flags = process.argv.slice(2);
const demo = flags.includes('--demo');
const words = flags.filter((f) => !f.startsWith('--'));
const node = bootstrap();
if (demo && words.length > 0) handOver(node, ['demo/control.ts', ...words]);
else
  handOver(node, ['bin/serve.ts', ...flags.filter((f) => f.startsWith('--'))], {
    NODE_ENV: flags.includes('--dev') ? 'development' : 'production',
  });
