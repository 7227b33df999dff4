// A patient who reads English, in a browser that asks for French: by `?lang=en` and by the link on every page, with and
// without scripts. The choice is kept from page to page, and can be taken back.
import type { Page } from '@playwright/test';
import { expect, files, test } from '../fixtures/test.ts';
import { newCode } from '../fixtures/transfer.ts';

async function speaks(page: Page, language: 'en' | 'fr', heading: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

for (const scripts of [true, false]) {
  test.describe(scripts ? 'with scripts' : 'without scripts', () => {
    test.use({ patientScripts: scripts });

    test('the address asks for English, and every page to the receipt keeps it', async ({ patient, axe }) => {
      const label = `English ${Date.now()}`;
      const { value } = await newCode('pharmacist', label);

      await patient.goto('/?lang=en');
      await speaks(patient, 'en', 'Send a document to a health establishment');
      await patient.getByLabel('Name or town of the establishment').fill('lilas');
      await patient.getByRole('button', { name: 'Search' }).click();
      await expect(patient).toHaveURL(/\/\?q=lilas$/);
      await expect(patient.getByRole('heading', { name: '1 establishment found' })).toBeVisible();
      await patient.getByRole('link', { name: 'Pharmacie des Lilas' }).click();
      await speaks(patient, 'en', 'Type your code');
      await patient.getByLabel('Six-character code').fill(value);
      await patient.getByRole('button', { name: 'Continue' }).click();
      await speaks(patient, 'en', 'Send a document');
      await expect(patient.getByText(label)).toBeVisible();
      await expect(patient.getByRole('heading', { name: 'What happens to your document' })).toBeVisible();

      if (scripts) {
        await expect(patient.getByRole('button', { name: 'Choose a file' })).toBeVisible();
        await patient.locator('#choose-input').setInputFiles(files.picture);
        await expect(patient.getByText(/^Ready to send/)).toBeVisible();
        await axe(patient);
        await patient.getByRole('button', { name: 'Send the document' }).click();
      } else {
        await patient.getByLabel('Choose one or more files').setInputFiles(files.picture);
        await patient.getByRole('button', { name: 'Send', exact: true }).click();
        await expect(patient.getByText('Your document has arrived.')).toBeVisible();
        await axe(patient);
        await patient.getByRole('button', { name: 'Finish and see my receipt' }).click();
      }
      await expect(patient).toHaveURL(/\/r\//, { timeout: 20_000 });
      await speaks(patient, 'en', 'Sent');
      await expect(patient.getByText('Not yet seen by the establishment')).toBeVisible();
      await expect(patient.getByText('Planned deletion')).toBeVisible();
      await patient.getByRole('link', { name: 'Withdraw this deposit' }).click();
      await speaks(patient, 'en', 'Withdraw this deposit?');
      await patient.getByRole('link', { name: 'No, back to the receipt' }).click();
      await speaks(patient, 'en', 'Receipt for your deposit');
    });

    test('the link of a page changes the language there, and back', async ({ patient, consoleGuard }) => {
      consoleGuard.expect(/status of 4\d\d/);
      await patient.goto('/?q=introuvable');
      await speaks(patient, 'fr', 'Remettre un document à un établissement de santé');
      const english = patient.getByRole('link', { name: 'English' });
      await expect(english).toHaveAttribute('lang', 'en');
      await expect(english).toHaveAttribute('hreflang', 'en');
      await english.click();
      // The same page, with what was searched.
      await speaks(patient, 'en', 'Send a document to a health establishment');
      await expect(patient.getByRole('heading', { name: 'No establishment found for “introuvable”' })).toBeVisible();

      // Without the address saying it again: elsewhere, for an error, and after the browser's own "back".
      await patient.goto('/d/pharmacie-des-lilas');
      await patient.getByLabel('Six-character code').fill('000000');
      await patient.getByRole('button', { name: 'Continue' }).click();
      await speaks(patient, 'en', 'Type your code');
      await expect(patient.getByRole('alert')).toContainText('This code is not valid.');
      for (const [path, heading] of [['/legal', 'Legal notice'], ['/privacy', 'Personal data'], ['/accessibility', 'Accessibility statement'], ['/d/nowhere', /does not exist/]] as const) {
        await patient.goto(path);
        await speaks(patient, 'en', heading);
      }

      await patient.goto('/legal');
      await patient.getByRole('link', { name: 'Français' }).click();
      await speaks(patient, 'fr', 'Mentions légales');
      await patient.goto('/');
      await speaks(patient, 'fr', 'Remettre un document à un établissement de santé');
    });
  });
}
