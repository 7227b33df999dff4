// The story of the product, in two browsers: staff show a code, a patient deposits, staff see it arrive, read it,
// download it, delete it; the patient's receipt tells the truth at each step.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { alive, expect, files, test } from '../fixtures/test.ts';

/** Generates a code through the form and gives its value, as the page shows it, and its link. */
async function generate(page: Page, label: string): Promise<{ value: string; link: string }> {
  await page.goto('/portal/codes/new');
  await alive(page);
  await page.getByLabel('Ce qui est demandé').fill(label);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/api/v1/codes/generate')),
    page.getByRole('button', { name: 'Créer le code' }).click(),
  ]);
  const { secret } = (await answer.json()) as { secret: { link: string } };
  await expect(page).toHaveURL(/\/portal\/codes\/[0-9a-f-]{36}$/);
  const code = page.locator('p.code').first();
  await expect(code).toHaveText(/[0-9A-Z]{3}\s*[0-9A-Z]{3}/);
  return { value: (await code.innerText()).replace(/\s/g, ''), link: secret.link };
}

/** The patient finds the establishment and types the code, as somebody would who was told it on the telephone. */
async function type(patient: Page, value: string): Promise<void> {
  await patient.goto('/');
  await patient.getByRole('searchbox').fill('lilas');
  await patient.getByRole('searchbox').press('Enter');
  await patient.getByRole('link', { name: /Pharmacie des Lilas/ }).click();
  await patient.getByLabel(/code/i).fill(`${value.slice(0, 3).toLowerCase()}-${value.slice(3)}`);
  await patient.getByLabel(/code/i).press('Enter');
  await expect(patient).toHaveURL(/\/d\/pharmacie-des-lilas\/deposit$/);
}

test('a document reaches the establishment live, is read, downloaded and deleted', async ({ page, patient, signIn, axe }) => {
  await signIn('pharmacist');
  await axe();
  const label = `Ordonnance n° ${Date.now()}`;
  const { value } = await generate(page, label);
  await axe();
  await page.goto('/portal/documents');
  await alive(page);
  await expect(page.getByText('En direct')).toBeVisible();

  await type(patient, value);
  await axe(patient);
  await patient.locator('#choose-input').setInputFiles(files.photo);
  await patient.getByRole('button', { name: /Envoyer/ }).click();
  await expect(patient).toHaveURL(/\/r\//, { timeout: 20_000 });
  await axe(patient);

  // No reload: the socket says that something came, the list is read again.
  const row = page.getByRole('row').filter({ hasText: label });
  await expect(row).toBeVisible({ timeout: 3_000 });
  await axe();

  await row.getByRole('link').first().click();
  const picture = page.locator('img.viewer-page').first();
  await expect(picture).toBeVisible({ timeout: 20_000 });
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth), { timeout: 20_000 }).toBeGreaterThan(0);
  await axe();

  await patient.reload();
  await expect(patient.getByText('Vu par l’établissement').first()).toBeVisible();

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /Télécharger/ }).first().click()]);
  expect(download.suggestedFilename()).toBe('ordonnance.jpg');
  const stored = readFileSync((await download.path()) ?? '');
  expect(stored.subarray(0, 2).toString('hex')).toBe('ffd8');

  await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/api/v1/documents/delete')),
    page.getByRole('button', { name: 'Supprimer', exact: true }).click(),
  ]);
  await page.goto('/portal/documents');
  await expect(page.getByRole('row').filter({ hasText: label })).toHaveCount(0);
});

test.describe('without script', () => {
  test.use({ patientScripts: false });

  test('a patient deposits, reads the receipt and withdraws', async ({ page, patient, signIn, axe }) => {
    await signIn('pharmacist');
    const { link } = await generate(page, 'Sans script');
    await patient.goto(link);
    await expect(patient).toHaveURL(/\/d\/pharmacie-des-lilas\/deposit$/);
    await axe(patient);
    await patient.locator('#file').setInputFiles([files.pdf, files.picture]);
    await patient.getByRole('button', { name: /Envoyer/ }).click();
    await expect(patient.getByText(/reçu/i).first()).toBeVisible();
    await patient.getByRole('button', { name: /Terminer/ }).click();
    await expect(patient).toHaveURL(/\/r\//);
    await axe(patient);
    await patient.getByRole('link', { name: 'Retirer ce dépôt' }).click();
    await patient.getByRole('button', { name: /Oui, retirer/ }).click();
    await expect(patient.getByText(/Votre dépôt est retiré/).first()).toBeVisible();
  });

  test('a damaged file is refused in words and nothing is consumed', async ({ page, patient, signIn, axe, consoleGuard }) => {
    consoleGuard.expect(/status of 4\d\d/);
    await signIn('pharmacist');
    const { link } = await generate(page, 'Fichier abîmé');
    await patient.goto(link);
    await patient.locator('#file').setInputFiles(files.damaged);
    await patient.getByRole('button', { name: /Envoyer/ }).click();
    await expect(patient.getByRole('alert')).toBeVisible();
    await axe(patient);
    await patient.goto(link);
    await expect(patient).toHaveURL(/\/deposit$/);
  });
});
