// An establishment that accepts Pro Santé Connect only, and its local fallback: what its administrator sees and does.
import type { Browser, Page } from '@playwright/test';
import { PLATFORM } from '../fixtures/accounts.ts';
import { linkOf, mailTo } from '../fixtures/mails.ts';
import { newPerson } from '../fixtures/people.ts';
import { signInWithPsc } from '../fixtures/psc.ts';
import { registers } from '../fixtures/registration.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { alive, expect, signInByForm, test } from '../fixtures/test.ts';

test.describe.configure({ timeout: 180_000 });

/** An establishment of this test alone, for the rule shuts its doors. Its founder comes in with Pro Santé Connect. */
async function found(page: Page, browser: Browser, baseURL: string): Promise<void> {
  const [name, email] = [`Cabinet Fermé ${Date.now()}`, `fondateur.${Date.now()}@port.example`];
  await registers(page, name, email);
  await page.goto(linkOf(await mailTo(email, /confirmer l’inscription/), '/portal/registration'));
  await alive(page);
  await page.getByRole('button', { name: 'Confirmer l’inscription' }).click();
  await expect(page.getByText('Inscription confirmée')).toBeVisible();
  const context = await browser.newContext({ baseURL, locale: 'fr-FR' });
  const platform = await context.newPage();
  await signInByForm(platform, PLATFORM, DEMO_PASSWORD);
  await expect(platform).toHaveURL(/\/portal$/);
  await platform.goto('/portal/registrations');
  await alive(platform);
  await platform.getByRole('button', { name: `Accepter ${name}` }).click();
  await platform.getByRole('dialog').getByRole('button', { name: 'Accepter' }).click();
  await expect(platform.getByText(`${name} est ouvert`)).toBeVisible();
  await context.close();
  const invitation = linkOf(await mailTo(email, /est ouvert sur CareLink/), '/portal/invitation');
  await signInWithPsc(page, 'physician_two', invitation);
  await alive(page);
  await page.getByRole('button', { name: 'Rejoindre l’établissement' }).click();
  await expect(page.getByText('Dans quelle activité travaillez-vous maintenant ?')).toBeVisible();
  await alive(page);
  await page.getByRole('main').getByRole('button').first().click();
  // Not the end of `…/choose?return=/portal`.
  await expect(page).toHaveURL(/\d\/portal$/);
  await alive(page);
}

test('local accounts are shut out, let in for a day of trouble, and accepted again', async ({ page, patient: local, browser, baseURL, axe, consoleGuard }) => {
  consoleGuard.expect(/status of (401|403|409)|WebSocket/);
  await found(page, browser, baseURL ?? '');
  const email = await newPerson(page, `locale.${Date.now()}@port.example`);
  await signInByForm(local, email, DEMO_PASSWORD);
  await expect(local).toHaveURL(/\/portal$/);

  await page.goto('/portal/settings');
  await alive(page);
  const card = page.getByRole('region', { name: 'Connexion' });
  await expect(card.getByText('Comptes locaux acceptés')).toBeVisible();
  await card.getByRole('button', { name: 'Exiger Pro Santé Connect' }).press('Enter');
  const requiring = page.getByRole('dialog', { name: /N’accepter que Pro Santé Connect/ });
  await expect(requiring).toContainText('Personnes sans Pro Santé Connect relié');
  await expect(requiring).toContainText('Sasha Deuxfacteurs');
  await axe();
  await page.keyboard.press('Escape');
  await expect(requiring).toBeHidden();
  await card.getByRole('button', { name: 'Exiger Pro Santé Connect' }).press('Enter');
  await requiring.getByRole('button', { name: 'Exiger Pro Santé Connect' }).press('Enter');
  await expect(page.getByText('Pro Santé Connect est exigé')).toBeVisible();
  await expect(card.getByText('Pro Santé Connect seulement')).toBeVisible();

  // Whoever was in with a local account is out, told by mail, and told why at the door.
  await mailTo(email, /Pro Santé Connect est maintenant demandé/);
  await expect(local.getByRole('alertdialog')).toBeVisible({ timeout: 20_000 });
  await signInByForm(local, email, DEMO_PASSWORD);
  await expect(local.getByRole('alert')).toContainText('Pro Santé Connect');
  await axe(local);

  // The fallback: hours and a reason, both asked for.
  await page.setViewportSize({ width: 390, height: 844 });
  await axe();
  await card.getByRole('button', { name: 'Ouvrir le secours local' }).press('Enter');
  const opening = page.getByRole('dialog', { name: /Ouvrir le secours local/ });
  await opening.getByLabel('Durée (heures)').fill('25');
  await opening.getByRole('button', { name: 'Ouvrir le secours local' }).click();
  await expect(opening.locator('[aria-invalid="true"]')).toHaveCount(2);
  await axe();
  await opening.getByLabel('Durée (heures)').fill('2');
  await opening.getByLabel('Motif').fill('Panne nationale');
  await page.keyboard.press('Enter');
  await expect(card.getByText('Secours local ouvert')).toBeVisible();
  await expect(card.getByText(/Panne nationale/)).toBeVisible();
  await axe();
  await page.emulateMedia({ colorScheme: 'dark' });
  await axe();
  await signInByForm(local, email, DEMO_PASSWORD);
  await expect(local).toHaveURL(/\/portal$/);

  // Closed before its time, it ends what it opened.
  await card.getByRole('button', { name: 'Fermer le secours local' }).press('Enter');
  const closing = page.getByRole('dialog', { name: /Fermer le secours local/ });
  await axe();
  await closing.getByRole('button', { name: 'Fermer le secours local' }).press('Enter');
  await expect(page.getByText('Le secours local est fermé')).toBeVisible();
  await expect(local.getByRole('alertdialog')).toBeVisible({ timeout: 20_000 });

  await card.getByRole('button', { name: 'Accepter aussi les comptes locaux' }).press('Enter');
  const lifting = page.getByRole('dialog', { name: /Accepter de nouveau/ });
  await axe();
  await lifting.getByRole('button', { name: 'Accepter aussi les comptes locaux' }).press('Enter');
  await expect(card.getByText('Comptes locaux acceptés')).toBeVisible();
  await signInByForm(local, email, DEMO_PASSWORD);
  await expect(local).toHaveURL(/\/portal$/);
});
