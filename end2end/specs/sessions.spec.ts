// Where one is signed in: seen, and ended from another browser, effective in pages that are open.
import { accounts, CANAL } from '../fixtures/accounts.ts';
import { newPerson } from '../fixtures/people.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { alive, expect, signInByForm, test } from '../fixtures/test.ts';

// One after the other: both end the sessions of the same person.
test.describe.configure({ mode: 'default' });

test('a session is ended from another browser, whose open page notices by itself', async ({ page, patient: other, axe, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  await signInByForm(other, accounts.assistant, DEMO_PASSWORD);
  await expect(other).toHaveURL(/\/portal$/);
  await alive(other);
  await signInByForm(page, accounts.assistant, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/account');
  await alive(page);
  const list = page.getByRole('region', { name: 'Sessions ouvertes' }).getByRole('listitem');
  await expect(list.filter({ hasText: 'Cette session' })).toHaveCount(1);
  await expect(list.filter({ hasText: 'Même réseau qu’ici' }).first()).toBeVisible();
  await axe();
  await page.setViewportSize({ width: 390, height: 844 });
  await axe();

  const closing = page.getByRole('button', { name: /^Fermer (la session|toutes les autres sessions)/ });
  await closing.last().click();
  await expect(page.getByText(/^(Session fermée|Toutes les autres sessions sont fermées)$/)).toBeVisible();
  await expect(list).toHaveCount(1);
  await expect(other.getByRole('alertdialog', { name: 'Session terminée' })).toBeVisible({ timeout: 10_000 });
  await expect(other.getByText('fermée depuis un autre appareil')).toBeVisible();
});

test('an administrator closes the sessions of somebody, with a reason', async ({ page, patient: other, signIn, axe, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  await signInByForm(other, accounts.assistant, DEMO_PASSWORD);
  await expect(other).toHaveURL(/\/portal$/);
  await alive(other);
  await signIn('administrator', page, CANAL);
  await page.goto('/portal/people');
  await alive(page);
  await page.getByRole('button', { name: 'Sessions de Eden Supposé' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sessions de Eden Supposé' });
  await expect(dialog.getByRole('listitem').first()).toBeVisible();
  await axe();
  await dialog.getByRole('button', { name: 'Fermer ces sessions' }).click();
  await expect(dialog.getByText('Indiquez le motif.')).toBeVisible();
  await dialog.getByLabel('Motif').fill('téléphone perdu');
  await dialog.getByRole('button', { name: 'Fermer ces sessions' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Les sessions de Eden Supposé sont fermées')).toBeVisible();
  await expect(other.getByRole('alertdialog', { name: 'Session terminée' })).toBeVisible({ timeout: 10_000 });
});

test('two tabs that renew their session at once both stay signed in', async ({ page, patient: administrator, signIn, consoleGuard }) => {
  consoleGuard.expect(/WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `onglets.${Date.now()}@lilas.example`);
  await signInByForm(page, email, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  const second = await page.context().newPage();
  for (let round = 0; round < 5; round++) {
    // Without its access token a browser renews with the next request of either tab: the same refresh token, twice.
    await page.context().clearCookies({ name: 'carelink-access' });
    await Promise.all([page.goto('/portal/account'), second.goto('/portal')]);
    await Promise.all([alive(page), alive(second)]);
    await expect(page).toHaveURL(/\/portal\/account$/);
    await expect(second.getByRole('heading', { name: /^Bonjour/ })).toBeVisible();
  }
  // One session, which went on: nothing was taken for a theft.
  await expect(page.getByRole('region', { name: 'Sessions ouvertes' }).getByRole('listitem')).toHaveCount(1);
  await second.close();
});

test('an administrator closes one session of somebody, and the others go on', async ({ page, patient: other, signIn, browser, baseURL, axe, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  await signIn('administrator', page);
  const email = await newPerson(page, `deux.${Date.now()}@lilas.example`);
  await signInByForm(other, email, DEMO_PASSWORD);
  await expect(other).toHaveURL(/\/portal$/);
  const context = await browser.newContext({ baseURL, locale: 'fr-FR' });
  const later = await context.newPage();
  await signInByForm(later, email, DEMO_PASSWORD);
  await expect(later).toHaveURL(/\/portal$/);
  await alive(later);
  await page.goto(`/portal/people?q=${email}`);
  await alive(page);
  await page.getByRole('button', { name: /^Sessions de / }).click();
  const dialog = page.getByRole('dialog', { name: /^Sessions de / });
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  // The last used stands first, after "all".
  await dialog.getByLabel('À fermer').selectOption({ index: 1 });
  await dialog.getByLabel('Motif').fill('poste oublié');
  await page.setViewportSize({ width: 390, height: 844 });
  await axe();
  await dialog.getByRole('button', { name: 'Fermer cette session' }).click();
  await expect(page.getByText(/^La session de .* est fermée$/)).toBeVisible();
  await expect(later.getByRole('alertdialog', { name: 'Session terminée' })).toBeVisible({ timeout: 10_000 });
  await other.reload();
  await expect(other).toHaveURL(/\/portal$/);
  await context.close();
});
