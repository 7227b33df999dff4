// What people are told of their own access by mail, and the links in these mails.
import { CANAL } from '../fixtures/accounts.ts';
import { linkOf, mailTo } from '../fixtures/mails.ts';
import { invite, newPerson } from '../fixtures/people.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { alive, expect, signInByForm, test } from '../fixtures/test.ts';

const NEW = 'falaise-brume-saule-77';

test.describe.configure({ timeout: 120_000 });

test('a forgotten password is replaced by keyboard alone, and the account protected with one link', async ({ page, patient: administrator, browser, baseURL, signIn, axe, consoleGuard }) => {
  consoleGuard.expect(/status of (401|409|422)|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `oubli.${Date.now()}@lilas.example`);

  await page.goto('/portal/sign-in');
  await alive(page);
  await page.getByRole('link', { name: 'Mot de passe oublié ?' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Mot de passe oublié' })).toBeVisible();
  await alive(page);
  await axe();
  await page.getByLabel('Adresse e-mail').fill('sans-arobase');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Cette adresse n’est pas complète')).toBeVisible();
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Si un compte utilise cette adresse')).toBeVisible();
  await axe();

  const link = linkOf(await mailTo(email, /nouveau mot de passe/), '/portal/reset');
  await page.goto(link);
  await alive(page);
  await axe();
  await page.getByLabel(/^Nouveau mot de passe(?!, encore)/).fill('court');
  await page.keyboard.press('Tab');
  await page.keyboard.type('court');
  await page.keyboard.press('Enter');
  // At its field, where the focus is then.
  const first = page.getByLabel(/^Nouveau mot de passe(?!, encore)/);
  await expect(page.getByText('doit compter au moins 12 caractères')).toBeVisible();
  await expect(first).toBeFocused();
  await first.fill(NEW);
  await page.getByLabel('Nouveau mot de passe, encore une fois').fill(NEW);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Mot de passe changé. Connectez-vous avec le nouveau.')).toBeVisible();
  await signInByForm(page, email, NEW);
  await expect(page).toHaveURL(/\/portal$/);

  await page.goto(link);
  await alive(page);
  await expect(page.getByText('Ce lien a déjà servi')).toBeVisible();
  await expect(page.getByLabel(/^Nouveau mot de passe/)).toHaveCount(0);

  // Another browser: the owner is told, says that it was not them, and everybody is out.
  const other = await browser.newContext({ baseURL, locale: 'fr-FR' });
  const stranger = await other.newPage();
  await signInByForm(stranger, email, NEW);
  await expect(stranger).toHaveURL(/\/portal$/);
  const told = await mailTo(email, /nouveau navigateur/);
  expect(told.text).toContain('Chrome');
  await page.goto(linkOf(told, '/portal/not-me'));
  await alive(page);
  await axe();
  await page.getByRole('button', { name: 'Protéger mon compte' }).click();
  await expect(page.getByText('plus personne n’est connecté')).toBeVisible();
  await axe();
  await expect(stranger.getByRole('alertdialog')).toBeVisible({ timeout: 20_000 });
  await other.close();
  await signInByForm(page, email, NEW);
  await expect(page.getByRole('alert')).toContainText('incorrect');
  linkOf(await mailTo(email, /choisir un nouveau mot de passe/), '/portal/reset');
});

test('name, language and address are one’s own to change', async ({ page, patient: administrator, signIn, axe, consoleGuard }) => {
  consoleGuard.expect(/status of (401|409|422)|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `profil.${Date.now()}@lilas.example`);
  await signInByForm(page, email, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/account');
  await alive(page);
  await axe();
  await page.getByLabel('Prénom').fill('Noé');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  // The card and the menu follow at once.
  await expect(page.locator('dd', { hasText: 'Noé Deuxfacteurs' })).toBeVisible();
  await expect(page.locator('.shell-user summary')).toContainText('Noé Deuxfacteurs');
  await page.getByLabel('Prénom').fill('Dominique');
  await page.getByLabel('Langue des pages et des messages').selectOption('en');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('heading', { name: 'My account' })).toBeVisible();
  await expect(page.getByText('Dominique Deuxfacteurs').first()).toBeVisible();

  const wanted = `nouvelle.${Date.now()}@lilas.example`;
  await alive(page);
  await page.getByLabel('New address').fill(wanted);
  await page.getByRole('button', { name: 'Change the address' }).click();
  await expect(page.getByText(`Waiting: ${wanted}`)).toBeVisible();
  await axe();
  await page.goto(linkOf(await mailTo(email, /changing the address/), '/portal/email'));
  await alive(page);
  await expect(page.getByText(wanted)).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('The other address has to confirm too')).toBeVisible();
  const last = linkOf(await mailTo(wanted, /confirm your address/), '/portal/email');
  await page.goto(last);
  await alive(page);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('this is the account’s address from now on')).toBeVisible();
  expect((await mailTo(email, /address of your account was changed/)).text).toContain('will get nothing more');
  // Opened once more: said before anything is pressed.
  await page.goto(last);
  await expect(page.getByText('This link has been used')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Confirm' })).toHaveCount(0);
});

test('somebody of another establishment is invited, signs in and joins', async ({ page, patient: administrator, signIn, axe, consoleGuard }) => {
  consoleGuard.expect(/status of (401|409|422)|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `deux.maisons.${Date.now()}@lilas.example`);
  // The same administrator, in the other establishment; the page goes first, or it would lock itself.
  await administrator.goto('about:blank');
  await administrator.context().clearCookies();
  await signIn('administrator', administrator, CANAL);
  const link = await invite(administrator, email, 'Infirmier');
  await expect(administrator.getByRole('region', { name: 'Invitations en attente' }).getByText(email)).toBeVisible();
  await axe(administrator);

  await page.goto(link);
  await alive(page);
  await expect(page.getByText(`L’adresse ${email} a déjà un compte`)).toBeVisible();
  await axe();
  await page.getByRole('link', { name: 'Se connecter' }).click();
  await alive(page);
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page.getByText('Vous êtes connecté en tant que Sasha Deuxfacteurs')).toBeVisible();
  await alive(page);
  await axe();
  await page.getByRole('button', { name: 'Rejoindre l’établissement' }).click();
  await expect(page).toHaveURL(/\/portal$/);
  await expect(page.getByText(CANAL).first()).toBeVisible();

  // Taken back: the link says so.
  const late = await invite(administrator, `trop.tard.${Date.now()}@lilas.example`, 'Infirmier');
  const open = administrator.getByRole('region', { name: 'Invitations en attente' });
  await open.getByRole('button', { name: /^Retirer l’invitation de trop\.tard/ }).click();
  await expect(administrator.getByText(/Invitation de trop\.tard.* retirée/)).toBeVisible();
  await page.goto(late);
  await expect(page.getByText('Ce lien a déjà servi ou n’est plus valable.')).toBeVisible();
});

test('an address that was confirmed elsewhere shows to who comes back', async ({ page, patient: administrator, signIn, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `retour.${Date.now()}@lilas.example`);
  await signInByForm(page, email, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/account');
  await alive(page);
  const wanted = `ailleurs.${Date.now()}@lilas.example`;
  await page.getByLabel('Nouvelle adresse').fill(wanted);
  await page.getByRole('button', { name: 'Changer d’adresse' }).click();
  await expect(page.getByText(`En attente : ${wanted}`)).toBeVisible();
  for (const [to, subject] of [[email, /changer l’adresse/], [wanted, /confirmer votre adresse/]] as const) {
    await administrator.goto(linkOf(await mailTo(to, subject), '/portal/email'));
    await alive(administrator);
    await administrator.getByRole('button', { name: 'Confirmer' }).click();
    await expect(administrator.getByRole('button', { name: 'Confirmer' })).toHaveCount(0);
  }
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.getByText(`En attente : ${wanted}`)).toHaveCount(0);
  await expect(page.getByText(wanted)).toBeVisible();
});
