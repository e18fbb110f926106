import { defineConfig } from 'vitest/config';
import { V8_FLAGS } from './bin/bootstrap.mjs';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{lib,components,app,demo,bin}/**/*.test.{ts,tsx}'],
          environment: 'node',
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Each file starts real databases or processes: two cores carry one at a time.
          fileParallelism: false,
          execArgv: V8_FLAGS,
        },
      },
    ],
  },
});
