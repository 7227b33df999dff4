import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { PUBLIC_URL } from './fixtures/server.ts';

/** Debian's own Chromium where there is one; otherwise the one that Playwright downloaded. */
function chromium(): string | undefined {
  return [process.env.CARELINK_CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));
}

/** `specs` are the tests; `scripts` hold what drives a browser without judging (see `.make/e2e.sh`). */
const suite = process.env.CARELINK_E2E_SUITE;

export default defineConfig({
  testDir: suite ? './scripts' : './specs',
  testMatch: suite ? `${suite}.ts` : '**/*.spec.ts',
  outputDir: './test-results',
  globalSetup: './fixtures/global-setup.ts',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: suite ? 1 : 2,
  retries: 0,
  timeout: suite ? 20 * 60_000 : 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    baseURL: PUBLIC_URL,
    browserName: 'chromium',
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    viewport: { width: 1280, height: 800 },
    // Pages are judged when they stand still.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        // Chromium's sandbox refuses to start as root.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
