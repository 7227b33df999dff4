// Commit to visible: a deposit is answered, and its row stands in a list that somebody has open.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { alive, expect } from '../../fixtures/test.ts';
import { Client } from './client.ts';
import { pdf } from './documents.ts';
import { send, sender } from './people.ts';
import { group, median, ms, tell } from './table.ts';

const DEPOSITS = 15;

/** Runs in the page: notes when each name came to stand in the list, at the next frame that the browser draws. */
function watch(): void {
  const seen = new Map<string, number>();
  Object.assign(window, { arrivals: seen });
  const look = () => {
    for (const link of document.querySelectorAll('tbody th a')) {
      const name = link.textContent?.trim() ?? '';
      if (seen.has(name)) continue;
      seen.set(name, Number.NaN);
      requestAnimationFrame(() => seen.set(name, Date.now()));
    }
  };
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}

/** Runs in the page: when this name was seen, once it was. */
function seenAt(name: string): number {
  return (window as unknown as { arrivals: Map<string, number> }).arrivals.get(name) || 0;
}

/** `page` is signed in. */
export async function arrivals(page: Page): Promise<void> {
  await page.goto('/portal/documents');
  await alive(page);
  await expect(page.getByText('En direct')).toBeVisible();
  await page.evaluate(watch);

  const client = new Client(1);
  const patient = await sender(client, DEPOSITS, 'Arrivées');
  const times: number[] = [];
  for (let n = 0; n < DEPOSITS; n++) {
    const name = `arrivee-${n}.pdf`;
    await send(client, patient, pdf(name, 20_000));
    const answered = Date.now();
    const handle = await page.waitForFunction(seenAt, name, { timeout: 10_000 });
    times.push(Number(await handle.jsonValue()) - answered);
    // The check of the last one changes its row too: not at the same time as the next one comes.
    await sleep(1000);
  }
  client.close();
  group(
    'Commit to visible',
    `${DEPOSITS} deposits of 20 kB, one after the other; from the deposit's answer to the frame that shows its row`,
    'in Chromium, through /ws, without reloading',
  );
  tell('commit to visible', `median ${ms(median(times))}, most ${ms(Math.max(...times))}`);
}
