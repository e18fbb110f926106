// `npm test`: brings in the dependencies, then runs every check.
import process from 'node:process';
import { bootstrap, handOver } from './bootstrap.mjs';

handOver(bootstrap(), ['bin/check.ts', ...process.argv.slice(2)], { NEXT_TELEMETRY_DISABLED: '1' });
