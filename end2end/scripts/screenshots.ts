// `make screenshots`: the pictures of the README, taken from the real pages with demonstration data.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from '../fixtures/test.ts';

const folder = fileURLToPath(new URL('../pictures', import.meta.url));

test('pictures', async ({ page, patient, signIn }) => {
  mkdirSync(folder, { recursive: true });
  const take = (name: string, of = page) => of.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });

  await patient.goto('/d/pharmacie-des-lilas');
  await take('deposit', patient);

  await page.goto('/portal/sign-in');
  await take('sign-in');
  await signIn('pharmacist');
  await take('home');
});
