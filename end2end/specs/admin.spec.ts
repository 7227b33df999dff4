// What an administrator does: people, settings, audit; each with what it changes for somebody else.
import { readFileSync } from 'node:fs';
import { CANAL } from '../fixtures/accounts.ts';
import { invite, join } from '../fixtures/people.ts';
import { alive, expect, files, signInByForm, test } from '../fixtures/test.ts';
import { call, deposit, documentsOf, newCode } from '../fixtures/transfer.ts';

test.describe.configure({ timeout: 120_000 });

test('a person is invited, gets other roles, and is shut out', async ({ page, browser, baseURL, locale, signIn, axe, consoleGuard }) => {
  consoleGuard.expect(/status of (401|422)/);
  const family = `Essai-${Date.now()}`;
  const name = `Robin ${family}`;
  const [email, password] = [`robin.${Date.now()}@canal.example`, 'saule-marée-lanterne-42'];

  await signIn('administrator', page, CANAL);
  await page.goto('/portal/people');
  await alive(page);
  await page.getByRole('button', { name: 'Inviter une personne' }).click();
  const inviting = page.getByRole('dialog', { name: 'Inviter une personne' });
  await inviting.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await expect(inviting.getByText('Indiquez l’adresse e-mail.')).toBeVisible();
  await expect(inviting.getByLabel('Adresse e-mail')).toBeFocused();
  await axe();
  await inviting.getByRole('button', { name: 'Annuler' }).click();
  const link = await invite(page, email, 'Secrétaire');

  const theirs = await browser.newContext({ baseURL, locale });
  consoleGuard.watch(theirs, 'colleague');
  const colleague = await theirs.newPage();
  await colleague.goto(link);
  await axe(colleague);
  await join(colleague, link, 'Robin', family, password);
  await signInByForm(colleague, email, password);
  await expect(colleague.getByRole('heading', { name: 'Bonjour Robin' })).toBeVisible();
  await page.reload();
  await alive(page);
  const row = page.getByRole('row').filter({ hasText: email });
  await expect(row.getByText('Secrétaire')).toBeVisible();
  const documents = colleague.getByRole('navigation').getByRole('link', { name: 'Documents' });
  await expect(documents).toBeVisible();

  await row.getByRole('button', { name: `Changer les rôles de ${name}` }).click();
  const editing = page.getByRole('dialog', { name: `Rôles de ${name}` });
  await editing.getByRole('checkbox', { name: 'Secrétaire' }).uncheck();
  await editing.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(editing.getByText('Choisissez au moins un rôle.')).toBeVisible();
  await editing.getByRole('checkbox', { name: 'Chercheur' }).check();
  await editing.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText(`Rôles de ${name} enregistrés`)).toBeVisible();
  await expect(row.getByText('Chercheur')).toBeVisible();
  // "En moins de 5 secondes, sans nouvelle connexion."
  await expect(async () => {
    await colleague.reload();
    await expect(colleague.getByText('Rien à faire ici pour l’instant')).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
  await expect(documents).toHaveCount(0);

  await row.getByRole('button', { name: `Désactiver ${name}` }).click();
  const disabling = page.getByRole('dialog', { name: `Désactiver ${name} ?` });
  await axe();
  await disabling.getByRole('button', { name: 'Désactiver' }).click();
  await expect(page.getByText(`${name} n’a plus accès à l’établissement`)).toBeVisible();
  await expect(row.getByText('Désactivé', { exact: true })).toBeVisible();
  // Their open page is shut by itself, and the door stays shut.
  await expect(colleague.getByRole('alertdialog', { name: 'Session terminée' })).toBeVisible({ timeout: 15_000 });
  await signInByForm(colleague, email, password);
  await expect(colleague.getByRole('alert')).toContainText('rattaché à aucun établissement');
  await colleague.goto('/portal/documents');
  await expect(colleague).toHaveURL(/\/portal\/sign-in\?return=/);
  await theirs.close();
});

test('settings are kept and reach the patient’s page', async ({ page, patient, signIn }) => {
  const days = String(20 + (Date.now() % 300));
  const opening = `Ouvert de 9 h à 18 h (essai ${Date.now()})`;
  await signIn('administrator', page, CANAL);
  await page.goto('/portal/settings');
  await alive(page);
  const retention = page.getByLabel('Suppression automatique après (jours)');
  const note = page.getByLabel(/^Horaires ou information pratique/);
  const save = page.getByRole('button', { name: 'Enregistrer les réglages' });

  await retention.fill('0');
  await save.click();
  await expect(page.getByText('Les réglages n’ont pas été enregistrés')).toBeVisible();
  await expect(retention).toBeFocused();
  await expect(retention).toHaveAccessibleDescription(/Indiquez un nombre entier de 1 à 365\./);
  await expect(page.getByText('Modifications non enregistrées')).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Journal' }).click();
  await page.getByRole('dialog', { name: 'Quitter sans enregistrer ?' }).getByRole('button', { name: 'Rester sur la page' }).last().click();
  await expect(page).toHaveURL(/\/portal\/settings$/);

  await retention.fill(days);
  await note.fill(opening);
  await expect(page.getByRole('region', { name: 'Ce que voient les patients' }).getByText(opening)).toBeVisible();
  await save.click();
  // Exactly: the button that takes changes back says nearly the same.
  await expect(page.getByText('Réglages enregistrés', { exact: true })).toBeVisible();
  await page.reload();
  await alive(page);
  await expect(retention).toHaveValue(days);
  await expect(note).toHaveValue(opening);
  await expect(page.getByText('Modifications non enregistrées')).toHaveCount(0);

  await patient.goto((await newCode('coordinator', 'Réglages')).link);
  await expect(patient.getByText(opening)).toBeVisible();
  await expect(patient.getByText(new RegExp(`supprimé d’ici automatiquement au bout de ${days}\\sjours`))).toBeVisible();
});

/** The rows of a CSV (RFC 4180). */
function rows(csv: string): string[][] {
  return csv.trim().split('\r\n').map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map((cell) => (cell[1] ?? cell[2] ?? '').replaceAll('""', '"')));
}

test('the audit is filtered, and exported so that no cell is a formula', async ({ page, signIn, axe }) => {
  const code = await newCode('pharmacist', `Journal ${Date.now()}`);
  await deposit(code.link, [files.picture]);
  const [document] = await documentsOf('pharmacist', code);
  const id = document?.id ?? '';
  await call('pharmacist', 'documents/open', { id });
  const formulas = ['=HYPERLINK("http://exemple.invalid";"ici")', '+33 1 99 00', '-1+1', '@SUM(A1)'];
  for (const reason of formulas) {
    await call('pharmacist', 'documents/retention', { id, change: { change: 'hold', reason } });
    await call('pharmacist', 'documents/retention', { id, change: { change: 'release' } });
  }

  await signIn('administrator');
  await page.goto('/portal/audit');
  await alive(page);
  await page.getByLabel('Domaine').selectOption({ label: 'Codes' });
  await page.getByRole('button', { name: 'Filtrer' }).click();
  await expect(page).toHaveURL(/capability=codes/);
  const acts = page.getByRole('table', { name: 'Actes enregistrés' }).locator('tbody tr');
  await expect(acts.filter({ hasNotText: /code/i })).toHaveCount(0);
  await expect(acts.filter({ hasText: 'Création d’un code' }).first()).toBeVisible();

  await page.getByRole('main').getByRole('link', { name: 'Effacer les filtres' }).first().click();
  await expect(page).toHaveURL(/\/portal\/audit$/);
  await page.getByRole('searchbox').fill(id);
  await page.getByRole('button', { name: 'Filtrer' }).click();
  await expect(acts).toHaveCount(2 + 2 * formulas.length);
  await expect(acts.filter({ hasText: formulas[0] })).toContainText('Mise en conservation');
  await axe();

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Exporter (CSV)' }).click()]);
  expect(download.suggestedFilename()).toBe('audit.csv');
  const csv = readFileSync((await download.path()) ?? '', 'utf8');
  expect(csv.startsWith('\ufeff'), 'the mark by which spreadsheets know UTF-8').toBe(true);
  const [head, ...lines] = rows(csv.slice(1));
  expect(head).toEqual([
    'Identifiant', 'Date et heure (UTC)', 'Auteur', 'Rôles', 'Session', 'Acte', 'Type d’objet', 'Objet', 'Nom de l’objet', 'Issue', 'Motif',
    'Détail', 'Adresse', 'Demande',
  ]);
  expect(lines).toHaveLength(2 + 2 * formulas.length);
  expect(lines.every((line) => line.length === head?.length && line[7] === id)).toBe(true);
  expect(lines.flat().filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
  expect(lines.map((line) => line[10]).filter(Boolean).sort()).toEqual(formulas.map((formula) => `'${formula}`).sort());
});
