// A second factor: added, asked for, lost, and asked for again before something that matters.
import type { Page } from '@playwright/test';
import { linkOf, mailTo } from '../fixtures/mails.ts';
import { giveAuthenticator } from '../fixtures/passkey.ts';
import { newPerson } from '../fixtures/people.ts';
import { chooseIdentity, signInWithPsc } from '../fixtures/psc.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { alive, expect, signInByForm, test } from '../fixtures/test.ts';
import { Phone } from '../fixtures/totp.ts';

/** Another browser, as far as the server can tell. The page goes first: an open one notices that its session is gone, and leaves. */
async function forget(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.context().clearCookies();
}

async function addApplication(page: Page): Promise<{ phone: Phone; recovery: string[] }> {
  await page.goto('/portal/account');
  await alive(page);
  const section = page.getByRole('region', { name: 'Double authentification' });
  await section.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await section.getByRole('button', { name: 'Afficher le QR code' }).click();
  await expect(section.getByText('Scannez ce QR code')).toBeFocused();
  await section.getByText('Impossible de scanner').click();
  const phone = new Phone((await section.locator('.totp-secret code').textContent()) ?? '');
  await section.getByLabel(/^Code affiché/).fill(await phone.code());
  await page.keyboard.press('Enter');
  await expect(section.getByRole('heading', { name: 'Codes de secours' })).toBeVisible();
  const recovery = await section.locator('.recovery-codes code').allTextContents();
  expect(recovery).toHaveLength(10);
  return { phone, recovery };
}

test('an authenticator application is added, asked for, and replaced by a recovery code', async ({ page, patient: administrator, signIn, axe, consoleGuard }) => {
  test.setTimeout(240_000);
  consoleGuard.expect(/status of (401|403)|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `sasha.${Date.now()}@lilas.example`);
  await signInByForm(page, email, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  const { phone, recovery } = await addApplication(page);
  await axe();
  await page.getByRole('button', { name: 'Je les ai gardés' }).click();
  await expect(page.getByText('Double authentification active')).toBeVisible();
  await expect(page.getByText('Il en reste 10 sur 10')).toBeVisible();
  // The session goes on under its new name: the page that stayed open acts with the new token.
  await page.getByRole('button', { name: 'En créer de nouveaux' }).click();
  const renewing = page.getByRole('dialog', { name: 'Créer de nouveaux codes de secours ?' });
  await axe();
  await renewing.getByRole('button', { name: 'En créer de nouveaux' }).click();
  await expect(page.locator('.recovery-codes code')).toHaveCount(10);
  const newer = await page.locator('.recovery-codes code').allTextContents();
  expect(newer).not.toContain(recovery[0]);
  // Nothing around them says how many were left of the old ones.
  await expect(page.getByText('Il en reste')).toBeHidden();
  await page.getByRole('button', { name: 'Je les ai gardés' }).click();
  await expect(page.getByText('les anciens ne servent plus')).toBeVisible();
  await expect(page.getByText('Il en reste 10 sur 10')).toBeVisible();

  await forget(page);
  await signInByForm(page, email, DEMO_PASSWORD);
  await expect(page.getByLabel('Code à six chiffres')).toBeFocused();
  await axe();
  await page.getByLabel('Code à six chiffres').fill('000000');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('pas bon');
  await page.getByLabel('Code à six chiffres').fill(await phone.code());
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/portal$/);

  await forget(page);
  await signInByForm(page, email, DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Utiliser un code de secours' }).click();
  await page.getByLabel('Code de secours').fill((newer[0] ?? '').toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/account');
  await expect(page.getByText('Il en reste 9 sur 10')).toBeVisible();
});

test('while the recovery codes stand there, no other factor is offered', async ({ page, patient: administrator, signIn, axe, consoleGuard }) => {
  consoleGuard.expect(/WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `lou.${Date.now()}@lilas.example`);
  await signInByForm(page, email, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/second-factor?return=/portal/account');
  await alive(page);
  const other = page.getByRole('button', { name: 'Plutôt une clé d’accès' });
  await expect(other).toBeVisible();
  await page.getByRole('button', { name: 'Afficher le QR code' }).click();
  await page.getByText('Impossible de scanner').click();
  const phone = new Phone((await page.locator('.totp-secret code').textContent()) ?? '');
  await page.getByLabel(/^Code affiché/).fill(await phone.code());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Codes de secours' })).toBeVisible();
  await expect(page.locator('.recovery-codes code')).toHaveCount(10);
  await expect(other).toBeHidden();
  await axe();
  await page.getByRole('button', { name: 'Je les ai gardés' }).click();
  await expect(page).toHaveURL(/\/portal\/account$/);
});

test('a passkey is made, signs in alone and as second factor, and an identity of Pro Santé Connect is linked after it', async ({ page, patient: administrator, signIn, axe, consoleGuard }) => {
  test.setTimeout(240_000);
  consoleGuard.expect(/status of (401|403|404)|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `robin.${Date.now()}@lilas.example`);
  await giveAuthenticator(page);
  await signInByForm(page, email, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/account');
  await alive(page);
  const section = page.getByRole('region', { name: 'Double authentification' });
  await section.getByRole('button', { name: 'Ajouter une clé' }).click();
  await section.getByLabel(/^Nom de cette clé/).fill('Téléphone');
  await axe();
  await page.keyboard.press('Enter');
  await expect(section.getByRole('heading', { name: 'Codes de secours' })).toBeVisible();
  await section.getByRole('button', { name: 'Je les ai gardés' }).click();
  await expect(section.getByRole('listitem').filter({ hasText: 'Téléphone' }).first()).toBeVisible();
  await axe();

  await forget(page);
  await page.goto('/portal/sign-in');
  await alive(page);
  await page.getByRole('button', { name: 'Continuer avec une clé d’accès' }).click();
  await expect(page.getByRole('heading', { name: /^Bonjour/ })).toBeVisible();

  await forget(page);
  await signInByForm(page, email, DEMO_PASSWORD);
  // Who has no authenticator application is not asked for its code.
  await expect(page.getByRole('button', { name: 'Utiliser un code de secours' })).toBeVisible();
  await expect(page.getByLabel('Code à six chiffres')).toBeHidden();
  await axe();
  await page.getByRole('button', { name: 'Utiliser une clé d’accès' }).click();
  await expect(page.getByRole('heading', { name: /^Bonjour/ })).toBeVisible();

  await page.goto('/portal/account');
  await alive(page);
  await page.getByRole('link', { name: /^S’identifier avec Pro Santé Connect/ }).click();
  await chooseIdentity(page, 'assistant');
  // Another name than the account's: both are shown, and nothing is linked before it is confirmed.
  const question = page.getByRole('region', { name: /Est-ce bien vous/ });
  await expect(question).toContainText('INES PERSONNE');
  await alive(page);
  await expect(question.getByRole('heading')).toBeFocused();
  await axe();
  await page.setViewportSize({ width: 390, height: 844 });
  await axe();
  await question.getByRole('button', { name: 'Ce n’est pas moi' }).click();
  await expect(page).toHaveURL(/localhost.*\/portal\/account$/);
  await expect(page.getByText('qui ouvre aussi ce compte')).toBeHidden();
  await page.getByRole('link', { name: /^S’identifier avec Pro Santé Connect/ }).click();
  await chooseIdentity(page, 'assistant');
  await question.getByRole('button', { name: 'C’est moi, relier' }).click();
  await expect(page.getByText('C’est relié')).toBeVisible();
  // It is a session of that identity now, and still the place where a lost key is taken off.
  await expect(page.getByText('qui ouvre aussi ce compte')).toBeVisible();
  await expect(section.getByRole('button', { name: 'Retirer la clé Téléphone' })).toBeVisible();
  await alive(page);
  await axe();
  // From now on that identity opens this account.
  await forget(page);
  await signInWithPsc(page, 'assistant');
  await expect(page.getByRole('heading', { name: 'Bonjour INES' })).toBeVisible();

  // "This wasn't me": the only factor stays, but opens nothing before a mailed link has given another password.
  await forget(page);
  await page.goto(linkOf(await mailTo(email, /clé d’accès a été ajoutée/), '/portal/not-me'));
  await alive(page);
  await page.getByRole('button', { name: 'Protéger mon compte' }).click();
  await expect(page.getByText('plus personne n’est connecté')).toBeVisible();
  const withPasskey = async () => {
    await page.goto('/portal/sign-in');
    await alive(page);
    await page.getByRole('button', { name: 'Continuer avec une clé d’accès' }).click();
  };
  await withPasskey();
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible();
  await expect(page).toHaveURL(/\/portal\/sign-in/);
  await page.goto(linkOf(await mailTo(email, /choisir un nouveau mot de passe/), '/portal/reset'));
  await alive(page);
  await page.getByLabel(/^Nouveau mot de passe(?!, encore)/).fill('falaise-brume-saule-77');
  await page.getByLabel('Nouveau mot de passe, encore une fois').fill('falaise-brume-saule-77');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Mot de passe changé.')).toBeVisible();
  await withPasskey();
  await expect(page.getByRole('heading', { name: /^Bonjour/ })).toBeVisible();
});

test('a demonstration says at the door that a password alone is not enough elsewhere', async ({ page }) => {
  await page.goto('/portal/sign-in');
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  const notice = page.getByRole('main').locator('.notice', { hasText: 'Démonstration' });
  await expect(notice).toHaveText('Démonstration\u00a0: un mot de passe suffit ici. Avec de vraies données, une deuxième étape est obligatoire.');
  await alive(page);
  await expect(notice).toBeVisible();
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('the sign-in form answers a wrong password in words', async ({ page }) => {
    await page.goto('/portal/sign-in');
    await page.getByLabel('Adresse e-mail').fill('personne@lilas.example');
    await page.getByLabel('Mot de passe', { exact: true }).fill('pas le bon mot de passe');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await expect(page.getByText('Adresse ou mot de passe incorrect.')).toBeVisible();
  });
});
