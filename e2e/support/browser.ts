import { existsSync } from 'node:fs';
import process from 'node:process';
import { chromium, type LaunchOptions } from 'playwright';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The first browser that is there: CHROMIUM_PATH, Playwright's own, the system's, the one that comes through npm. */
export async function launchOptions(): Promise<LaunchOptions> {
  const chosen = [process.env.CHROMIUM_PATH, chromium.executablePath(), ...SYSTEM].find(
    (file) => file && existsSync(file),
  );
  if (chosen) return { executablePath: chosen, args: ARGS };
  const { default: packaged } = await import('@sparticuz/chromium');
  return { executablePath: await packaged.executablePath(), args: [...packaged.args, ...ARGS] };
}
