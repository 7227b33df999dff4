// The story of the product without a mouse: no click, no fill; Tab, Enter, Space, Escape and arrows (see
// fixtures/keyboard.ts, which also looks that the focus shows at every stop). Only the browser's own window in which a
// file is chosen is not ours to walk through.
import { accounts } from '../fixtures/accounts.ts';
import { focusKept, press, showPassword, tabTo, type } from '../fixtures/keyboard.ts';
import { alive, expect, files, test } from '../fixtures/test.ts';
import { deposit, newCode } from '../fixtures/transfer.ts';

test.describe.configure({ timeout: 120_000 });

test('staff ask, a patient sends, staff read, file and delete', async ({ page, patient }) => {
  const label = `Clavier ${Date.now()}`;

  await page.goto('/portal/sign-in');
  await showPassword(page, accounts.pharmacist);
  await expect(page).toHaveURL(/\/portal$/);
  await alive(page);

  await press(page, page.getByRole('link', { name: 'Nouveau code' }));
  await expect(page).toHaveURL(/\/codes\/new$/);
  await type(page, page.getByLabel('Ce qui est demandé'), label);
  await tabTo(page, page.getByRole('radio', { name: '24 h' }));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: '7 jours' })).toBeChecked();
  await press(page, page.getByRole('button', { name: 'Créer le code' }));
  await expect(page).toHaveURL(/\/portal\/codes\/[0-9a-f-]{36}$/);
  const code = page.locator('p.code');
  await expect(code).toHaveText(/[0-9A-Z]{3}\s*[0-9A-Z]{3}/);
  await expect(page.getByText(/^Valable encore\s6\sj/)).toBeVisible();
  const value = (await code.innerText()).replace(/\s/g, '');

  await patient.goto('/');
  await type(patient, patient.getByRole('searchbox'), 'lilas');
  await patient.keyboard.press('Enter');
  await press(patient, patient.getByRole('link', { name: /Pharmacie des Lilas/ }));
  await type(patient, patient.getByLabel('Code à six caractères'), value);
  await patient.keyboard.press('Enter');
  await expect(patient).toHaveURL(/\/deposit$/);
  const chooser = patient.waitForEvent('filechooser');
  await press(patient, patient.getByRole('button', { name: 'Choisir un fichier' }));
  await (await chooser).setFiles(files.pdf);
  await expect(patient.getByText(/^Prêt à envoyer/)).toBeVisible();
  await press(patient, patient.getByRole('button', { name: 'Envoyer le document' }));
  await expect(patient).toHaveURL(/\/r\//, { timeout: 20_000 });

  await press(page, page.getByRole('navigation').getByRole('link', { name: 'Documents' }));
  await expect(page).toHaveURL(/\/portal\/documents$/);
  // The key of the search, and the list follows the typing.
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type(label);
  const row = page.getByRole('row').filter({ hasText: label });
  await expect(page.getByRole('row')).toHaveCount(2);
  await press(page, row.getByRole('link', { name: 'compte-rendu.pdf', exact: true }));
  await expect(page.getByRole('img', { name: /^Page 1 sur 2/ })).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('PageDown');
  await expect(page.getByRole('img', { name: /^Page 2 sur 2/ })).toBeVisible();
  await press(page, page.getByRole('button', { name: 'Page précédente' }));
  await expect(page.getByRole('img', { name: /^Page 1 sur 2/ })).toBeVisible();
  await press(page, page.getByRole('main').getByRole('link', { name: 'Documents', exact: true }), 'Enter', { back: true });
  await expect(page).toHaveURL(/\/portal\/documents$/);

  await page.keyboard.press('/');
  await page.keyboard.type(label);
  await expect(page.getByRole('row')).toHaveCount(2);
  await press(page, row.getByRole('button', { name: 'Marquer traité : compte-rendu.pdf' }), 'Space');
  await expect(row.getByText('Traité', { exact: true })).toBeVisible();
  await press(page, row.getByRole('button', { name: 'Supprimer compte-rendu.pdf' }));
  await expect(row).toHaveCount(0);
  await expect(page.locator('#documents-list')).toBeFocused();
  await press(page, page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Annuler' }));
  await expect(row.getByText('Traité', { exact: true })).toBeVisible();
  await expect(page.getByText('Document rétabli')).toBeVisible();

  // The button is far from the row: the usual key does the same.
  await press(page, row.getByRole('button', { name: 'Supprimer compte-rendu.pdf' }));
  await expect(row).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Annuler' })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(row.getByText('Traité', { exact: true })).toBeVisible();
});

test('the skip link of the portal leads past the navigation', async ({ page, signIn }) => {
  await signIn('pharmacist');
  await alive(page);
  const skip = page.getByRole('link', { name: 'Aller au contenu' });
  await press(page, skip);
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Code rapide' })).toBeFocused();
});

test('the skip link of a patient leads to the content', async ({ patient }) => {
  await patient.goto('/');
  const skip = patient.getByRole('link', { name: 'Aller au contenu' });
  await patient.keyboard.press('Tab');
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await patient.keyboard.press('Enter');
  await expect(patient.getByRole('main')).toBeFocused();
  await patient.keyboard.press('Tab');
  await expect(patient.getByRole('searchbox')).toBeFocused();
});

test('dialogs and menus keep the focus, close on Escape and give it back', async ({ page, signIn, axe }) => {
  await signIn('pharmacist');
  const code = await newCode('pharmacist', `Dialogue ${Date.now()}`);
  await page.goto(`/portal/codes/${code.id}`);
  await alive(page);
  for (const [opener, title] of [['Prolonger', 'Prolonger le code'], ['Révoquer', 'Révoquer ce code ?']] as const) {
    const button = page.getByRole('main').getByRole('button', { name: opener, exact: true });
    const dialog = page.getByRole('dialog', { name: title });
    await press(page, button);
    await expect(dialog).toBeVisible();
    await axe();
    // Nothing behind the dialog takes the focus, however long somebody walks.
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog[open]') !== null)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(button).toBeFocused();
  }
  await expect(page.locator('p.code')).toBeVisible();

  const person = page.locator('summary', { hasText: 'Camille Exemple' });
  await press(page, person);
  await expect(page.getByRole('link', { name: 'Mon compte' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Mon compte' })).toBeHidden();
  await expect(person).toBeFocused();
});

test('the help of the viewer opens and closes by its key', async ({ page, signIn, axe }) => {
  await signIn('pharmacist');
  const code = await newCode('pharmacist', `Aide ${Date.now()}`);
  await deposit(code.link, [files.pdf]);
  await page.goto(`/portal/documents?code=${code.id}`);
  await alive(page);
  await press(page, page.getByRole('link', { name: 'compte-rendu.pdf', exact: true }));
  await expect(page.getByRole('img', { name: /^Page 1 sur 2/ })).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Raccourcis clavier' })).toBeVisible();
  await axe();
  // No key of the page behind it works now.
  await page.keyboard.press('.');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('img', { name: /^Page 1 sur 2/ })).toBeVisible();
});

test('marking a document as done keeps the focus', async ({ page, signIn }) => {
  await signIn('pharmacist');
  const code = await newCode('pharmacist', `Focus ${Date.now()}`);
  await deposit(code.link, [files.picture]);
  await page.goto(`/portal/documents?code=${code.id}`);
  await alive(page);
  await press(page, page.getByRole('button', { name: 'Marquer traité : capture.png' }), 'Space');
  await expect(page.getByRole('button', { name: 'Rouvrir : capture.png' })).toBeFocused();
});

test('turning to the last page keeps the focus', async ({ page, signIn }) => {
  await signIn('pharmacist');
  const code = await newCode('pharmacist', `Focus ${Date.now()}`);
  await deposit(code.link, [files.pdf]);
  await page.goto(`/portal/documents?code=${code.id}`);
  await alive(page);
  await press(page, page.getByRole('link', { name: 'compte-rendu.pdf', exact: true }));
  await press(page, page.getByRole('button', { name: 'Page suivante' }));
  await expect(page.getByRole('img', { name: /^Page 2 sur 2/ })).toBeVisible({ timeout: 20_000 });
  await focusKept(page);
});

test('taking a deletion back keeps the focus', async ({ page, signIn }) => {
  await signIn('pharmacist');
  const code = await newCode('pharmacist', `Focus ${Date.now()}`);
  await deposit(code.link, [files.picture]);
  await page.goto(`/portal/documents?code=${code.id}`);
  await alive(page);
  await press(page, page.getByRole('button', { name: 'Supprimer capture.png' }));
  await press(page, page.getByRole('button', { name: 'Annuler' }));
  await expect(page.getByRole('link', { name: 'capture.png', exact: true })).toBeVisible();
  await focusKept(page);
});

test('a link of the navigation keeps the focus', async ({ page, signIn }) => {
  await signIn('pharmacist');
  await alive(page);
  const documents = page.getByRole('navigation').getByRole('link', { name: 'Documents' });
  await press(page, documents);
  await expect(page.getByRole('heading', { level: 1, name: 'Documents' })).toBeVisible();
  await expect(page.getByText('En direct')).toBeVisible();
  await focusKept(page);
});
