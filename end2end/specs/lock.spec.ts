// A session ends under a half-typed page: it is locked, out of reach, and as it was when the same person is back.
import type { BrowserContext, Page } from '@playwright/test';
import { accounts, CANAL, LILAS } from '../fixtures/accounts.ts';
import { tabTo } from '../fixtures/keyboard.ts';
import { chooseIdentity, signInWithPsc } from '../fixtures/psc.ts';
import { DEMO_PASSWORD, PUBLIC_URL } from '../fixtures/server.ts';
import { alive, expect, signInByForm, test } from '../fixtures/test.ts';

/** Ends the session of a page as another browser would: this one keeps its cookies, and hears of it. */
async function endFromElsewhere(page: Page): Promise<void> {
  const cookies = await page.context().cookies();
  const token = await page.locator('meta[name="csrf-token"]').getAttribute('content');
  const answer = await fetch(`${PUBLIC_URL}/api/v1/auth/logout`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      origin: PUBLIC_URL,
      'x-csrf-token': token ?? '',
    },
    body: '{}',
  });
  expect(answer.status).toBe(200);
}

const lockOf = (page: Page) => page.getByRole('alertdialog', { name: 'Session terminée' });

/** Opens the second window from the keyboard: the way back has the focus. */
async function signInAgain(page: Page): Promise<Page> {
  const link = lockOf(page).getByRole('link', { name: 'S’identifier (nouvelle fenêtre)' });
  await expect(link).toBeFocused();
  const [opened] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Enter')]);
  await alive(opened);
  return opened;
}

async function fillIn(at: Page, email: string, place?: string): Promise<void> {
  await at.getByLabel('Adresse e-mail').fill(email);
  await at.getByLabel('Mot de passe', { exact: true }).fill(DEMO_PASSWORD);
  await at.getByRole('button', { name: 'Se connecter' }).click();
  if (place) await at.getByRole('button', { name: place }).click();
}

async function halfTyped(page: Page, email: string, place?: typeof LILAS | typeof CANAL): Promise<void> {
  await signInByForm(page, email, DEMO_PASSWORD, place);
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/codes/new');
  await alive(page);
  await page.getByLabel(/^Note au patient/).fill('De la part du docteur Fictif');
  await page.getByLabel('Ce qui est demandé').fill('Radio du genou');
}

test('a form that is half typed waits behind a lock, and goes on', async ({ page, axe, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  await halfTyped(page, accounts.pharmacist);
  const title = await page.title();
  await endFromElsewhere(page);
  await expect(lockOf(page)).toBeVisible({ timeout: 10_000 });
  await expect(lockOf(page)).toContainText('Camille');
  await expect(lockOf(page)).toContainText(LILAS);

  // Nothing of the page is there for eyes, for screen readers, or in its title.
  const label = page.getByLabel('Ce qui est demandé');
  await expect(label).toBeHidden();
  await expect(page.getByRole('navigation')).toHaveCount(0);
  expect(await page.locator('body').innerText()).not.toContain('Demander un document');
  expect(await page.locator('body').ariaSnapshot()).not.toContain('Ce qui est demandé');
  await expect(page).toHaveTitle('Session terminée');
  const visible = () => [...document.querySelectorAll('body *')].filter((e) => !e.closest('#lock') && getComputedStyle(e).visibility !== 'hidden').length;
  expect(await page.evaluate(visible)).toBe(0);
  await axe();
  await page.setViewportSize({ width: 390, height: 844 });
  await axe();
  await page.emulateMedia({ colorScheme: 'dark' });
  await axe();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });

  // Nor for the keyboard: Escape opens nothing, Tab stays, and shortcuts sleep.
  for (const key of ['Escape', 'Escape', 'Escape', 'n', '/']) await page.keyboard.press(key);
  await expect(lockOf(page)).toBeVisible();
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('#lock') !== null)).toBe(true);
  }
  await tabTo(page, lockOf(page).getByRole('link'), { most: 8 });

  const opened = await signInAgain(page);
  await expect(opened.getByText('Votre session est terminée')).toBeVisible();
  const socket = page.waitForEvent('websocket');
  const closed = opened.waitForEvent('close');
  await fillIn(opened, accounts.pharmacist);
  await closed;
  await expect(lockOf(page)).toBeHidden();
  await expect(page).toHaveTitle(title);
  await expect(label).toHaveValue('Radio du genou');
  await page.bringToFront();
  await expect(label).toBeFocused();
  await expect(page.getByLabel(/^Note au patient/)).toHaveValue('De la part du docteur Fictif');
  await socket;
  // The page acts in the new session.
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/portal\/codes\/[0-9a-f-]{36}/);
  await expect(page.getByText('Radio du genou').first()).toBeVisible();
});

test('a request that is refused locks the page, and what it read comes when somebody is back', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  // No socket tells it.
  await page.routeWebSocket(/\/ws$/, () => undefined);
  await halfTyped(page, accounts.pharmacist);
  await endFromElsewhere(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Documents' }).click();
  await expect(lockOf(page)).toBeVisible();
  const opened = await signInAgain(page);
  await fillIn(opened, accounts.pharmacist);
  await expect(lockOf(page)).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Documents' })).toBeVisible();
  await expect(page.getByRole('main').getByText('Votre session est terminée')).toHaveCount(0);
});

test('another person, or the same one elsewhere, gets a page of their own', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  await halfTyped(page, accounts.nurse, LILAS);
  await endFromElsewhere(page);
  await expect(lockOf(page)).toBeVisible({ timeout: 10_000 });
  const elsewhere = await signInAgain(page);
  await fillIn(elsewhere, accounts.nurse, CANAL);
  await expect(page).toHaveURL(/\/portal$/);
  await expect(page.locator('.shell-establishment')).toContainText(CANAL);
  await expect(page.getByText('La page ouverte avant celle-ci a été fermée')).toBeVisible();

  await page.goto('/portal/codes/new');
  await alive(page);
  await page.getByLabel('Ce qui est demandé').fill('Rien pour Noa');
  await endFromElsewhere(page);
  await expect(lockOf(page)).toBeVisible({ timeout: 10_000 });
  const other = await signInAgain(page);
  await fillIn(other, accounts.secretary);
  await expect(page).toHaveURL(/\/portal$/);
  await expect(page.getByRole('heading', { name: 'Bonjour Noa' })).toBeVisible();
  await page.goBack();
  await alive(page);
  await expect(page.getByText('Rien pour Noa')).toHaveCount(0);
  await expect(page.getByLabel('Ce qui est demandé')).toHaveCount(0);
});

test('without activity the page is locked even without a network, and in the end it is left', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket|ERR_FAILED/);
  await page.clock.install();
  await halfTyped(page, accounts.pharmacist);
  await page.route('**/api/v1/auth/*', (route) => route.abort());
  await page.clock.fastForward('31:00');
  await expect(lockOf(page)).toContainText('faute d’activité');
  await expect(lockOf(page).getByRole('status')).toContainText('ne répond pas');
  await page.unroute('**/api/v1/auth/*');
  // The server knew of somebody: whoever comes back finds the page.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(lockOf(page)).toBeHidden();
  await expect(page.getByLabel('Ce qui est demandé')).toHaveValue('Radio du genou');

  await page.route('**/api/v1/auth/*', (route) => route.abort());
  await endFromElsewhere(page);
  await page.clock.fastForward('31:00');
  await expect(lockOf(page)).toBeVisible();
  await page.clock.fastForward('14:00');
  await expect(lockOf(page)).toBeVisible();
  await page.clock.fastForward('02:00');
  await expect(page).toHaveURL(/\/portal\/sign-in\?ended=1&return=%2Fportal%2Fcodes%2Fnew/);
});

test('who leaves the lock, or signs out in another tab, leaves nothing behind', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  await halfTyped(page, accounts.pharmacist);
  const second = await page.context().newPage();
  await second.goto('/portal');
  await alive(second);
  await second.locator('.shell-user summary').click();
  await second.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(second).toHaveURL(/\/portal\/sign-in\?ended=left$/);
  await expect(page).toHaveURL(/\/portal\/sign-in\?ended=left$/);
  await second.close();

  await halfTyped(page, accounts.pharmacist);
  await endFromElsewhere(page);
  await expect(lockOf(page)).toBeVisible({ timeout: 10_000 });
  await expect(lockOf(page)).toContainText('Quitter efface');
  await lockOf(page).getByRole('button', { name: 'Quitter' }).click();
  await expect(page).toHaveURL(/\/portal\/sign-in\?ended=left$/);
});

/** Lets an identity of Pro Santé Connect into the pharmacy, as an administrator. */
async function letIn(page: Page, administrator: Page): Promise<void> {
  await signInWithPsc(page, 'lookalike');
  await alive(page);
  await page.getByLabel('Votre établissement').fill('lilas');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Pharmacie des Lilas.*Demander l’accès/ }).click();
  await expect(page.getByText('En attente')).toBeVisible();
  await administrator.goto('/portal/people');
  await alive(administrator);
  const requests = administrator.getByRole('region', { name: 'Demandes d’accès' });
  await requests.getByRole('button', { name: /^Accepter/ }).last().click();
  const dialog = administrator.getByRole('dialog', { name: /^Accueillir/ });
  await dialog.getByLabel('Administrateur').check();
  await dialog.getByRole('button', { name: 'Accepter' }).click();
  await expect(dialog).toBeHidden();
  await page.reload();
  await alive(page);
  await page.getByRole('button', { name: /^Pharmacie des Lilas/ }).click();
  await expect(page).toHaveURL(/\d\/portal$/);
}

async function another(context: BrowserContext, act: () => Promise<void>): Promise<Page> {
  const [opened] = await Promise.all([context.waitForEvent('page'), act()]);
  return opened;
}

test('people of Pro Santé Connect come back, and show again who they are, in another window', async ({ page, patient: administrator, signIn, axe, consoleGuard }) => {
  test.setTimeout(120_000);
  consoleGuard.expect(/status of (401|403)|WebSocket|127\.0\.0\.1/);
  await signIn('administrator', administrator);
  await letIn(page, administrator);
  await page.goto('/portal/people');
  await alive(page);
  await page.getByRole('button', { name: 'Inviter une personne' }).click();
  const dialog = page.getByRole('dialog', { name: 'Inviter une personne' });
  const email = `mae.${Date.now()}@lilas.example`;
  await dialog.getByLabel(/^Adresse e-mail/).fill(email);
  await dialog.getByLabel('Secrétaire').check();

  // The lock lies over an open dialog, too.
  await endFromElsewhere(page);
  await expect(lockOf(page)).toBeVisible({ timeout: 10_000 });
  await expect(dialog).toBeHidden();
  await axe();
  const opened = await signInAgain(page);
  await opened.getByRole('link', { name: /^S’identifier avec Pro Santé Connect/ }).click();
  await chooseIdentity(opened, 'lookalike');
  await expect(lockOf(page)).toBeHidden();
  await expect(dialog.getByLabel(/^Adresse e-mail/)).toHaveValue(email);

  // Ten minutes later a factor of now is asked for.
  await page.route('**/api/v1/members/invite', (route) =>
    route.fulfill({ status: 403, contentType: 'application/json', body: '{"kind":{"name":"step_up_needed"},"request_id":null}' }), { times: 1 });
  await dialog.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  const asking = page.getByRole('dialog', { name: 'C’est bien vous ?' });
  await expect(asking).toBeVisible();
  await axe();
  const go = asking.getByRole('link', { name: 'S’identifier (nouvelle fenêtre)' });
  const first = await another(page.context(), () => go.click());
  await first.waitForURL(/127\.0\.0\.1/);
  await first.getByRole('button', { name: 'Annuler' }).click();
  await expect(first.getByRole('heading', { name: 'Identification inachevée' })).toBeVisible();
  await expect(first.getByText('Identification abandonnée')).toBeVisible();
  await alive(first);
  await axe(first);
  await first.close();
  // What the window shows that may not close itself.
  const done = await page.context().newPage();
  await done.addInitScript(() => void (window.close = () => undefined));
  await done.goto('/portal/signed-in');
  await expect(done.getByRole('heading', { name: 'Vous êtes identifié' })).toBeVisible();
  await alive(done);
  await axe(done);
  await done.close();
  await expect(asking.getByRole('status')).toContainText('Si l’autre fenêtre est fermée, recommencez');

  const again = await another(page.context(), () => go.click());
  await expect(asking.getByRole('status')).toContainText('dans l’autre fenêtre');
  await chooseIdentity(again, 'lookalike');
  await expect(asking).toBeHidden();
  await expect(page.getByText(`Invitation envoyée à ${email}`)).toBeVisible();
});
