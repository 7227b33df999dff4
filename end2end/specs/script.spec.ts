// The patient's small script: a list to look over before sending, words where a file can't go, and a network that fails.
import { readFileSync } from 'node:fs';
import { call, documentsOf, newCode } from '../fixtures/transfer.ts';
import { expect, files, test } from '../fixtures/test.ts';

const RECEIPT = /\/r\//;

test('files are looked over before they are sent, and a cut loses nothing', async ({ patient, consoleGuard, axe }) => {
  consoleGuard.expect(/ERR_INTERNET_DISCONNECTED/);
  const code = await newCode('pharmacist', `Script ${Date.now()}`);
  await patient.goto(code.link);
  await patient.locator('#choose-input').setInputFiles([files.photo, files.disguised, files.empty]);
  const rows = patient.locator('#files li');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText('Prêt à envoyer');
  await expect(rows.nth(0).locator('.thumb img')).toHaveCount(1);
  await expect(rows.nth(1)).toContainText('Ce type de fichier');
  await expect(rows.nth(2)).toContainText('Ce fichier est vide');
  await axe(patient);
  const send = patient.getByRole('button', { name: /Envoyer/ });
  await send.click();
  await expect(patient.locator('#stopped')).toContainText('ne peut pas être envoyé tel quel');
  await patient.locator('#choose-input').setInputFiles(files.photo);
  await expect(patient.locator('#stopped')).toContainText('déjà dans la liste');
  await rows.nth(2).getByRole('button', { name: /Retirer/ }).click();
  await rows.nth(1).getByRole('button', { name: /Retirer/ }).click();
  await expect(rows).toHaveCount(1);

  await patient.context().setOffline(true);
  await send.click();
  await expect(rows.nth(0)).toContainText(/Pas de réseau|Nouvel essai/);
  await patient.context().setOffline(false);
  await expect(patient).toHaveURL(RECEIPT, { timeout: 20_000 });
  await expect(patient.locator('#states')).toBeVisible();
  expect(await documentsOf('pharmacist', code)).toHaveLength(1);
});

test('a photo over the limit is reduced on the phone', async ({ patient }) => {
  const code = await newCode('pharmacist', `Grande ${Date.now()}`);
  await patient.goto(code.link);
  // Bytes after the end of a JPEG make it large, and the server would cut them off.
  const buffer = Buffer.concat([readFileSync(files.photo), Buffer.alloc(11 * 1024 * 1024, 1)]);
  await patient.locator('#choose-input').setInputFiles({ name: 'grande.jpg', mimeType: 'image/jpeg', buffer });
  const row = patient.locator('#files li').first();
  await expect(row).toContainText('trop lourde');
  await row.getByRole('button', { name: /Réduire/ }).click();
  await expect(row).toContainText('Photo réduite');
  await patient.getByRole('button', { name: /Envoyer/ }).click();
  await expect(patient).toHaveURL(RECEIPT, { timeout: 20_000 });
});

test('a code that is revoked meanwhile ends the sending in words', async ({ patient, consoleGuard }) => {
  consoleGuard.expect(/status of 410/);
  const code = await newCode('pharmacist', `Révoqué ${Date.now()}`);
  await patient.goto(code.link);
  await patient.locator('#choose-input').setInputFiles(files.photo);
  await expect(patient.locator('#files li').first()).toContainText('Prêt');
  await call('pharmacist', 'codes/revoke', { id: code.id });
  await patient.getByRole('button', { name: /Envoyer/ }).click();
  await expect(patient.locator('#stopped')).toContainText('n’est plus valable');
});
