import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/**
 * Starts the Chromium of this machine, for pages that need no network.
 * @throws an error that says what to install; a test is never skipped for want of it
 */
export async function startBrowser(environment: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const executablePath = environment.CHROMIUM_PATH ?? places.find(existsSync);
  if (!executablePath) {
    throw new Error(
      'There is no Chromium on this machine. Install one (Debian: apt-get install chromium), or name it in CHROMIUM_PATH.',
    );
  }
  const quiet = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-component-update', ...quiet] });
}
