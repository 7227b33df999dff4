// What goes wrong between a page and the server: said, said again, and never taken for done.
import { accounts, CANAL, LILAS } from '../fixtures/accounts.ts';
import { newPerson } from '../fixtures/people.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { alive, expect, signInByForm, test } from '../fixtures/test.ts';

test('the links of the pages before the portal lead out of it', async ({ page }) => {
  for (const [name, title] of [
    ['C’est par ici', /CareLink/],
    ['Mentions légales', /Mentions légales/],
    ['Données personnelles', /Données personnelles/],
    ['Accessibilité', /accessibilité/],
  ] as const) {
    await page.goto('/portal/sign-in');
    await alive(page);
    await page.getByRole('link', { name }).click();
    await expect(page).not.toHaveURL(/sign-in/);
    await expect(page).toHaveTitle(title);
    await expect(page.getByText('Cette page n’existe pas')).toHaveCount(0);
  }
});

test('a wrong password is said each time, in an element that a screen reader takes for new', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/status of 401/);
  await signInByForm(page, accounts.secretary, 'faux');
  const said = page.getByRole('alert');
  await expect(said).toBeVisible();
  const first = await said.elementHandle();
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect.poll(() => first?.evaluate((element) => element.isConnected)).toBe(false);
  await expect(said).toBeVisible();
  await expect(page.getByLabel('Mot de passe', { exact: true })).toHaveValue('faux');
});

test('a proxy’s page is no answer: nothing is said of what was typed', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/status of 502/);
  await page.route('**/api/v1/auth/login', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>502 Bad Gateway</h1>' }));
  await signInByForm(page, accounts.secretary, DEMO_PASSWORD);
  await expect(page.getByRole('alert')).toContainText('ne répond pas');
});

test('who could not be signed out is told so, and other tabs keep what is typed', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/ERR_FAILED|WebSocket/);
  await signInByForm(page, accounts.secretary, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  const typing = await page.context().newPage();
  await typing.goto('/portal/codes/new');
  await alive(typing);
  await typing.getByLabel('Ce qui est demandé').fill('Carte Vitale');
  await page.route('**/api/v1/auth/logout', (route) => route.abort());
  await alive(page);
  await page.locator('.shell-user summary').click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page.getByText('ne répond pas')).toBeVisible();
  await expect(page).toHaveURL(/\/portal$/);
  await expect(typing.getByLabel('Ce qui est demandé')).toHaveValue('Carte Vitale');
  await page.unroute('**/api/v1/auth/logout');
  await page.locator('.shell-user summary').click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page).toHaveURL(/\/portal\/sign-in\?ended=left$/);
  await expect(typing).toHaveURL(/\/portal\/sign-in\?ended=left$/);
});

test('a page of an earlier session signs the one of now out', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/status of 409|WebSocket/);
  await signInByForm(page, accounts.nurse, DEMO_PASSWORD, LILAS);
  await expect(page).toHaveURL(/\/portal$/);
  // No socket tells this page of the other one's choice.
  await page.routeWebSocket(/\/ws$/, () => undefined);
  await page.reload();
  await alive(page);
  const second = await page.context().newPage();
  await second.goto('/portal');
  await alive(second);
  await second.locator('.shell-establishment summary').click();
  await second.getByRole('button', { name: CANAL }).click();
  await expect(second.locator('.shell-establishment')).toContainText(CANAL);
  await page.locator('.shell-user summary').click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page).toHaveURL(/\/portal\/sign-in\?ended=left$/);
  await page.goto('/portal');
  await expect(page).toHaveURL(/\/portal\/sign-in/);
});

test('a desk whose clock is hours ahead works as any other', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/WebSocket/);
  await page.clock.install({ time: Date.now() + 5 * 3_600_000 });
  await signInByForm(page, accounts.secretary, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/codes/new');
  await alive(page);
  await page.getByLabel('Ce qui est demandé').fill('Ordonnance');
  // A page that takes the session for over covers itself and asks, again and again.
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/auth/resume') && asked.push(request.url()));
  await page.clock.runFor(30_000);
  expect(asked).toEqual([]);
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByLabel('Ce qui est demandé')).toBeFocused();
});

test('a QR code that is over leads back to a new one', async ({ page, patient: administrator, signIn, consoleGuard }) => {
  consoleGuard.expect(/status of 409|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `retard.${Date.now()}@lilas.example`);
  await signInByForm(page, email, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/second-factor?return=/portal/account');
  await alive(page);
  await page.getByRole('button', { name: 'Afficher le QR code' }).click();
  const over = { status: 409, contentType: 'application/json', headers: { serverfnerror: '/' }, body: JSON.stringify({ kind: { name: 'begin_again' }, request_id: null }) };
  await page.route('**/auth/factors/totp/confirm', (route) => route.fulfill(over));
  await page.getByLabel(/^Code affiché/).fill('123456');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Recommencez');
  await page.getByRole('button', { name: 'Afficher le QR code' }).click();
  await expect(page.getByLabel(/^Code affiché/)).toHaveValue('');
});

test('another establishment, and signing out, ask first where something is not saved', async ({ page }) => {
  await signInByForm(page, accounts.administrator, DEMO_PASSWORD, LILAS);
  await expect(page).toHaveURL(/\/portal$/);
  await page.goto('/portal/settings');
  await alive(page);
  const note = page.getByLabel(/^Horaires ou information pratique/);
  await note.fill('Pas encore enregistré');
  const question = page.getByRole('dialog', { name: 'Quitter sans enregistrer ?' });
  await page.locator('.shell-establishment summary').click();
  await page.getByRole('button', { name: CANAL }).click();
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Rester sur la page' }).last().click();
  await expect(note).toHaveValue('Pas encore enregistré');
  await expect(page.locator('.shell-establishment')).toContainText(LILAS);
  await page.locator('.shell-user summary').click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Rester sur la page' }).last().click();
  await page.locator('.shell-establishment summary').click();
  await page.getByRole('button', { name: CANAL }).click();
  await question.getByRole('button', { name: 'Quitter sans enregistrer' }).click();
  await expect(page).toHaveURL(/\/portal$/);
  await expect(page.locator('.shell-establishment')).toContainText(CANAL);
});

test('a new page is read from its head', async ({ page, signIn }) => {
  await signIn('pharmacist', page);
  await alive(page);
  for (const name of ['Documents', 'Codes']) {
    await page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) }).first().focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name })).toBeFocused();
  }
  // A field that waits to be typed into keeps the focus.
  await page.getByRole('link', { name: 'Nouveau code' }).first().click();
  await expect(page.getByLabel('Ce qui est demandé')).toBeFocused();
});
