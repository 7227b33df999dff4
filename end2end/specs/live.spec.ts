// What arrives shows by itself: in an open list within a second or so, said to a screen reader, and, after a cut, as soon
// as the connection is back.
import type { Page, WebSocketRoute } from '@playwright/test';
import { CANAL } from '../fixtures/accounts.ts';
import { alive, expect, files, test } from '../fixtures/test.ts';
import { deposit, newCode } from '../fixtures/transfer.ts';

// One after the other, and in the establishment where no other test deposits: two arrivals at once are told as two.
test.describe.configure({ mode: 'default' });
test.beforeEach(({ signIn, page }) => signIn('coordinator', page, CANAL));

/** Generous for a machine that compiles meanwhile; alone, it takes some 200 ms. */
const SOON = 3_000;

/** Opens the list and marks this very document: whatever shows later came without a reload. */
async function openList(page: Page): Promise<void> {
  await page.goto('/portal/documents');
  await alive(page);
  await page.evaluate(() => document.documentElement.setAttribute('data-same', ''));
}

test('a document appears in an open list, is counted and announced', async ({ page }) => {
  const label = `Direct ${Date.now()}`;
  const { link } = await newCode('coordinator', label);
  await openList(page);
  await expect(page.getByText('En direct')).toBeVisible();
  const announcement = page.getByRole('status').filter({ hasText: `Un nouveau document : ${label}` });
  await expect(announcement).toHaveCount(0);
  const counter = page.getByRole('link', { name: 'Documents' }).getByRole('img', { name: /non vus?$/ });
  const before = (await counter.count()) ? Number(await counter.innerText()) : 0;

  await deposit(link, [files.picture]);
  await expect(page.getByRole('row').filter({ hasText: label })).toBeVisible({ timeout: SOON });
  await expect(announcement).toHaveAttribute('aria-live', 'polite');
  await expect.poll(async () => Number(await counter.innerText())).toBeGreaterThan(before);
  await expect(page).toHaveTitle(/^\(\d+\) Documents/);
  await expect(page.locator('html[data-same]')).toBeAttached();
});

test('a cut is said, the socket comes back by itself and brings what arrived meanwhile', async ({ page, context, consoleGuard }) => {
  consoleGuard.expect(/ERR_INTERNET_DISCONNECTED|status of 5\d\d/);
  let cut = false;
  const open = new Set<WebSocketRoute>();
  await page.routeWebSocket('/ws', (socket) => {
    if (cut) return void socket.close({ code: 4000 });
    open.add(socket);
    socket.connectToServer();
  });
  const label = `Coupure ${Date.now()}`;
  const { link } = await newCode('coordinator', label);
  await openList(page);
  await expect(page.getByText('En direct')).toBeVisible();

  cut = true;
  await context.setOffline(true);
  await Promise.all([...open].map((socket) => socket.close({ code: 4000 })));
  await expect(page.getByText('Connexion…')).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: label });
  await deposit(link, [files.picture]);
  await expect(row).toHaveCount(0);

  cut = false;
  await context.setOffline(false);
  await expect(page.getByText('En direct')).toBeVisible({ timeout: 20_000 });
  await expect(row).toBeVisible({ timeout: SOON });
  await expect(page.getByRole('status').filter({ hasText: `Un nouveau document : ${label}` })).toBeAttached();
  await expect(page.locator('html[data-same]')).toBeAttached();
});

test('what arrives before the first connection shows with it', async ({ page }) => {
  // The page's socket is opened when this test says so: a network that takes its time.
  await page.addInitScript(() => {
    const Real = window.WebSocket;
    class Late {
      onopen: ((event: Event) => void) | null = null;
      onmessage: ((event: MessageEvent) => void) | null = null;
      onclose: ((event: CloseEvent) => void) | null = null;
      constructor(url: string) {
        Object.assign(window, {
          connect: () => {
            const socket = new Real(url);
            socket.onopen = (event) => this.onopen?.(event);
            socket.onmessage = (event) => this.onmessage?.(event);
            socket.onclose = (event) => this.onclose?.(event);
          },
        });
      }
    }
    Object.assign(window, { WebSocket: Late });
  });
  const label = `Avant ${Date.now()}`;
  const { link } = await newCode('coordinator', label);
  await openList(page);
  const receipt = await deposit(link, [files.picture]);
  // Until nothing more is to be told about it: an event that comes later would bring it into the list anyhow.
  await expect.poll(async () => (await page.request.get(receipt)).text()).toContain('Reçu et lisible');
  await page.evaluate(() => (window as unknown as { connect: () => void }).connect());
  await expect(page.getByText('En direct')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: label })).toBeVisible({ timeout: SOON });
});

test('activity in one tab keeps the other quiet, and staying in one is staying in both', async ({ page, context }) => {
  const other = await context.newPage();
  await context.clock.install();
  for (const tab of [page, other]) {
    await tab.goto('/portal');
    await alive(tab);
  }
  const warning = (tab: Page) => tab.locator('dialog#idle');
  const pass = async (minutes: number) => {
    await context.clock.runFor(minutes * 60_000);
    // What the tabs tell each other, and the server, takes real time.
    await page.waitForTimeout(500);
  };
  await pass(26.5);
  await other.getByRole('heading', { level: 1 }).click();
  await pass(1.5);
  await expect(warning(page)).toBeHidden();
  await pass(28);
  await expect(warning(page)).toBeVisible();
  await expect(warning(other)).toBeVisible();
  await page.getByRole('button', { name: 'Rester connecté' }).click();
  await pass(0.2);
  await expect(warning(page)).toBeHidden();
  await expect(warning(other)).toBeHidden();
});
