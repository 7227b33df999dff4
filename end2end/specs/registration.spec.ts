// An establishment registers itself: the form, the mailbox, the platform's answer, the first administrator's way in.
import type { Locator } from '@playwright/test';
import { PLATFORM } from '../fixtures/accounts.ts';
import { linkOf, mailTo } from '../fixtures/mails.ts';
import { finess, registers } from '../fixtures/registration.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { alive, expect, signInByForm, test } from '../fixtures/test.ts';

const PASSWORD = 'falaise-brume-saule-77';

test.describe.configure({ timeout: 120_000 });

test('an establishment registers by keyboard, the platform lets it in, and its first administrator works there', async ({ page, patient: platform, axe, consoleGuard }) => {
  consoleGuard.expect(/status of (401|409|422)|WebSocket/);
  const name = `Pharmacie du Port ${Date.now()}`;
  const email = `fondatrice.${Date.now()}@port.example`;
  await page.goto('/portal/sign-in');
  await alive(page);
  await page.getByRole('link', { name: 'L’inscrire' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Inscrire un établissement' })).toBeVisible();
  await alive(page);
  await axe();

  // Nothing typed: the focus goes to the first field that is wrong, and each says what it wants.
  await page.getByLabel('Ville').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Nom de l’établissement')).toBeFocused();
  await expect(page.getByText('Les établissements de ce type ont un numéro FINESS')).toBeVisible();
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type('75 000 000 1');
  await expect(page.getByText(/Ce n’est pas un numéro FINESS/)).toBeVisible();
  await axe();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(finess());
  await expect(page.getByText(/Ce n’est pas un numéro FINESS/)).toBeHidden();
  for (const text of ['Valfleury', 'Noor', 'Fictive', email]) {
    await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await expect(page.getByText('Vérifiez votre boîte de réception')).toBeVisible();
  await axe();

  const link = linkOf(await mailTo(email, /confirmer l’inscription/), '/portal/registration');
  await page.goto(link);
  await alive(page);
  await expect(page.getByText(name)).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Confirmer l’inscription' }).press('Enter');
  await expect(page.getByText('Inscription confirmée')).toBeVisible();
  await axe();

  expect((await mailTo(PLATFORM, /une inscription attend/)).text).toContain('/portal/registrations');
  await platform.setViewportSize({ width: 1440, height: 900 });
  await signInByForm(platform, PLATFORM, DEMO_PASSWORD);
  await platform.getByRole('main').getByRole('link', { name: 'Inscriptions' }).click();
  await expect(platform.getByRole('heading', { name: 'Inscriptions' })).toBeVisible();
  await axe(platform);
  await platform.getByRole('button', { name: `Accepter ${name}` }).press('Enter');
  const dialog = platform.getByRole('dialog');
  await expect(dialog).toContainText(`Noor Fictive (${email})`);
  await axe(platform);
  for (const name of ['Fermer', 'Annuler']) await expect(dialog.getByRole('button', { name })).toHaveCount(1);
  await dialog.getByRole('button', { name: 'Accepter' }).press('Enter');
  await expect(platform.getByText(`${name} est ouvert`)).toBeVisible();
  await expect(platform.getByRole('button', { name: `Accepter ${name}` })).toHaveCount(0);

  await page.goto(linkOf(await mailTo(email, /est ouvert sur CareLink/), '/portal/invitation'));
  await alive(page);
  await expect(page.getByLabel('Prénom')).toHaveValue('Noor');
  await axe();
  const [wanted, again] = [page.getByLabel(/^Nouveau mot de passe(?!, encore)/), page.getByLabel('Nouveau mot de passe, encore une fois')];
  await wanted.fill('trop court');
  await page.keyboard.press('Enter');
  await expect(again).toBeFocused();
  await expect(again).toHaveAccessibleDescription('Les deux mots de passe diffèrent.');
  await again.fill('trop court');
  await page.keyboard.press('Enter');
  // What the server says of it stands at the field.
  await expect(wanted).toBeFocused();
  await expect(wanted).toHaveAccessibleDescription(/doit compter au moins 12 caractères/);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await axe();
  await wanted.fill(PASSWORD);
  await expect(page.getByText(/doit compter au moins 12 caractères/)).toHaveCount(0);
  await again.fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Votre compte est prêt')).toBeVisible();
  // The address came along, outside of the page’s own; only the password is left to type.
  await alive(page);
  await expect(page.getByLabel('Adresse e-mail')).toHaveValue(email);
  await expect(page).toHaveURL(/\/portal\/sign-in\?ended=joined$/);
  await expect(page.getByLabel('Mot de passe', { exact: true })).toBeFocused();
  expect(await page.evaluate(() => sessionStorage.getItem('carelink-joined'))).toBeNull();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/people');
  await expect(page.getByRole('row', { name: /Noor Fictive/ })).toBeVisible();
  await page.goto(link);
  await expect(page.getByText('Ce lien a déjà servi')).toBeVisible();
});

test('a registration is declined with a reason, which its author gets', async ({ page, patient: platform, axe, consoleGuard }) => {
  consoleGuard.expect(/status of (401|409)|WebSocket/);
  const name = `Officine Sans Suite ${Date.now()}`;
  const email = `sans.suite.${Date.now()}@port.example`;
  await registers(page, name, email);
  await page.goto(linkOf(await mailTo(email, /confirmer l’inscription/), '/portal/registration'));
  await alive(page);
  await page.getByRole('button', { name: 'Confirmer l’inscription' }).click();
  await expect(page.getByText('Inscription confirmée')).toBeVisible();

  await signInByForm(platform, PLATFORM, DEMO_PASSWORD);
  await expect(platform).toHaveURL(/\/portal$/);
  await platform.goto('/portal/registrations');
  await alive(platform);
  await axe(platform);
  await platform.getByRole('button', { name: `Refuser ${name}` }).click();
  const dialog = platform.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Refuser' }).click();
  await expect(dialog.getByText('Indiquez le motif')).toBeVisible();
  await expect(dialog.getByLabel('Motif')).toBeFocused();
  await axe(platform);
  await platform.keyboard.type('Ce numéro est celui d’un autre site.');
  await platform.keyboard.press('Enter');
  await expect(platform.getByText(`${name} : inscription refusée`.replace(' :', '\u00a0:'))).toBeVisible();
  expect((await mailTo(email, /non retenue/)).text).toContain('Ce numéro est celui d’un autre site.');

  // Who doesn't want to be told of registrations says so; a reload shows that it was kept.
  await platform.goto('/portal/account');
  await alive(platform);
  const wanted = platform.getByRole('switch', { name: 'Un établissement s’inscrit sur ce serveur' });
  await expect(wanted).toBeChecked();
  await wanted.press('Space');
  await expect(platform.getByText('Choix enregistré')).toBeVisible();
  await platform.reload();
  await alive(platform);
  await expect(wanted).not.toBeChecked();
  await axe(platform);
  await wanted.check();
  await expect(platform.getByText('Choix enregistré')).toBeVisible();
});

test.describe('without script', () => {
  test.use({ patientScripts: false });

  test('an establishment registers and confirms', async ({ patient, axe }) => {
    const email = `sans.script.${Date.now()}@port.example`;
    await patient.goto('/portal/register');
    await axe(patient);
    const send = patient.getByRole('button', { name: 'Inscrire l’établissement' });
    const fields: [Locator, string, string][] = [
      [patient.getByLabel('Nom de l’établissement'), 'www.officine.example', 'Officine Muette'],
      [patient.getByLabel(/^Numéro FINESS/), '75', finess()],
      [patient.getByLabel('Ville'), '', 'Valfleury'],
      [patient.getByLabel('Prénom'), '', 'Noor'],
      [patient.getByLabel('Nom', { exact: true }), '', 'Fictive'],
      [patient.getByLabel(/^Adresse e-mail/), 'noor', email],
    ];
    for (const [field, , right] of fields) await field.fill(right);
    // The browser holds back what is wrong: the server could only answer with an empty form.
    for (const [field, wrong, right] of fields) {
      await field.fill(wrong);
      await send.click();
      await expect(field).toBeFocused();
      await expect(field).toHaveValue(wrong);
      await field.fill(right);
    }
    await expect(patient).toHaveURL(/\/portal\/register$/);
    await send.click();
    await expect(patient.getByText('Vérifiez votre boîte de réception')).toBeVisible();
    await patient.goto(linkOf(await mailTo(email, /confirmer l’inscription/), '/portal/registration'));
    await patient.getByRole('button', { name: 'Confirmer l’inscription' }).click();
    await expect(patient.getByText('Inscription confirmée')).toBeVisible();
    await axe(patient);
  });
});
