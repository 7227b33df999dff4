// `make screenshots`: the pictures of the README, taken from the real pages with demonstration data.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { alive, test } from '../fixtures/test.ts';

const folder = fileURLToPath(new URL('../pictures', import.meta.url));

test('pictures', async ({ page, patient, signIn }) => {
  mkdirSync(folder, { recursive: true });
  const take = (name: string, of = page) => of.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
  await page.setViewportSize({ width: 1280, height: 800 });

  await signIn('pharmacist');
  await alive(page);
  await take('home');

  await page.goto('/portal/documents');
  await alive(page);
  await expect(page.getByText('En direct')).toBeVisible();
  await take('documents');

  await page.getByRole('link', { name: /\.jpg/ }).first().click();
  const picture = page.locator('img.viewer-page').first();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth), { timeout: 20_000 }).toBeGreaterThan(0);
  await take('viewer');

  await page.goto('/portal/codes/new');
  await alive(page);
  await page.getByLabel('Ce qui est demandé').fill('Ordonnance du mois');
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/api/v1/codes/generate')),
    page.getByRole('button', { name: 'Créer le code' }).click(),
  ]);
  await expect(page.locator('p.code').first()).toBeVisible();
  await take('code');

  const { secret } = (await answer.json()) as { secret: { link: string } };
  await patient.goto(secret.link);
  await expect(patient.getByRole('heading', { level: 1 })).toBeVisible();
  await take('deposit', patient);
});
