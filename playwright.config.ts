import { defineConfig } from 'playwright/test';
import { launchOptions } from './e2e/support/browser.ts';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  // Two cores carry one app and one browser.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    launchOptions: await launchOptions(),
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
  },
});
