// Who one is, without a mouse: the ways in, the second steps, the sessions, Pro Santé Connect, and what an administrator
// does to somebody's access. What happens in other browsers goes by the ordinary fixtures.
import type { Page } from '@playwright/test';
import { focusKept, fromMenu, press, showPassword, tabTo, type } from '../fixtures/keyboard.ts';
import { giveAuthenticator } from '../fixtures/passkey.ts';
import { newPerson, openElsewhere } from '../fixtures/people.ts';
import type { Identity } from '../fixtures/psc.ts';
import { alive, expect, test } from '../fixtures/test.ts';
import { Phone } from '../fixtures/totp.ts';

test.describe.configure({ timeout: 240_000 });

/** Signs in, as somebody without a second step. */
async function comeIn(page: Page, email: string): Promise<void> {
  await page.goto('/portal/sign-in');
  await showPassword(page, email);
  await atHome(page);
}

async function atHome(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\d\/portal$/);
  await alive(page);
}

async function openAccount(page: Page): Promise<void> {
  await fromMenu(page, page.getByRole('link', { name: 'Mon compte' }));
  await expect(page.getByRole('heading', { level: 1, name: 'Mon compte' })).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await focusKept(page);
}

const signOut = (page: Page) => fromMenu(page, page.getByRole('button', { name: 'Se déconnecter' }));

/** The simulator has its own page, whose buttons can be walked too. */
async function showCard(page: Page, identity: Identity): Promise<void> {
  await press(page, page.getByRole('link', { name: /^S’identifier avec Pro Santé Connect/ }));
  await page.waitForURL(/127\.0\.0\.1/);
  await press(page, page.locator(`button[name="identity"][value="${identity}"]`));
  await page.waitForURL(/localhost/);
  await alive(page);
}

test('one’s other sessions are closed: one of them, then all', async ({ page, patient: administrator, signIn, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `fenetres.${Date.now()}@lilas.example`);
  const others = await openElsewhere(administrator, email, 3);
  await comeIn(page, email);
  await openAccount(page);
  const sessions = page.getByRole('region', { name: 'Sessions ouvertes' });
  await expect(sessions.getByRole('listitem')).toHaveCount(4);
  await press(page, sessions.getByRole('button', { name: /^Fermer la session/ }).first());
  await expect(sessions.getByRole('listitem')).toHaveCount(3);
  await focusKept(page);
  await press(page, sessions.getByRole('button', { name: 'Fermer toutes les autres sessions' }));
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  await focusKept(page);
  for (const other of others) {
    await expect(other.getByRole('alertdialog', { name: 'Session terminée' })).toBeVisible();
    await other.context().close();
  }
});

test('a local account gets its second step, and is opened with it', async ({ page, patient: administrator, signIn, axe, consoleGuard }) => {
  consoleGuard.expect(/status of 401|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `clavier.${Date.now()}@lilas.example`);
  await comeIn(page, email);
  await openAccount(page);
  const section = page.getByRole('region', { name: 'Double authentification' });
  await press(page, section.getByRole('button', { name: 'Ajouter', exact: true }));
  await focusKept(page);
  await press(page, section.getByRole('button', { name: 'Afficher le QR code' }));
  await expect(section.getByText('Scannez ce QR code')).toBeFocused();
  await press(page, section.getByText('Impossible de scanner'), 'Space');
  const phone = new Phone((await section.locator('.totp-secret code').textContent()) ?? '');
  await type(page, section.getByLabel(/^Code affiché/), await phone.code());
  await page.keyboard.press('Enter');
  await expect(section.getByRole('heading', { name: 'Codes de secours' })).toBeFocused();
  const [recovery] = await section.locator('.recovery-codes code').allTextContents();
  await axe();
  await press(page, section.getByRole('button', { name: 'Je les ai gardés' }));
  await expect(page.getByText('Il en reste 10 sur 10')).toBeVisible();
  await focusKept(page);

  await signOut(page);
  await showPassword(page, email);
  await expect(page.getByLabel('Code à six chiffres')).toBeFocused();
  await page.keyboard.type(await phone.code());
  await page.keyboard.press('Enter');
  await atHome(page);

  await signOut(page);
  await showPassword(page, email);
  await press(page, page.getByRole('button', { name: 'Utiliser un code de secours' }));
  await focusKept(page);
  await type(page, page.getByLabel('Code de secours'), recovery ?? '');
  await page.keyboard.press('Enter');
  await atHome(page);
  await openAccount(page);
  await expect(page.getByText('Il en reste 9 sur 10')).toBeVisible();
});

test('somebody of two activities comes in with Pro Santé Connect, chooses one, and asks to be let in', async ({ page, axe }) => {
  await page.goto('/portal/sign-in');
  await alive(page);
  await showCard(page, 'nurse_two');
  await expect(page.getByText('Dans quelle activité travaillez-vous maintenant ?')).toBeVisible();
  await axe();
  await press(page, page.getByRole('button', { name: /CABINET DU PONT FICTIF/ }));
  await expect(page.getByText('Pro Santé Connect a confirmé qui vous êtes.')).toBeVisible();
  await focusKept(page);
  await type(page, page.getByLabel('Votre établissement'), 'canal');
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('button', { name: /SSIAD du Canal.*Demander l’accès/ }));
  await expect(page.getByText('En attente')).toBeVisible();
  await focusKept(page);
  await press(page, page.getByRole('button', { name: 'Retirer la demande à SSIAD du Canal' }));
  await expect(page.getByText('En attente')).toHaveCount(0);
  await focusKept(page);
  await press(page, page.getByRole('button', { name: 'Se déconnecter' }));
  await expect(page).toHaveURL(/\/portal\/sign-in/);
});

test('an administrator gets a passkey, speaks English, links an identity, and acts on the access of others', async ({ page, patient: administrator, signIn, axe, consoleGuard }) => {
  consoleGuard.expect(/status of (401|403)|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `direction.${Date.now()}@lilas.example`, 'Administrateur');
  const colleague = await newPerson(administrator, `collegue.${Date.now()}@lilas.example`);
  await giveAuthenticator(page);

  await comeIn(page, email);
  await openAccount(page);
  await press(page, page.getByRole('button', { name: 'Ajouter une clé' }));
  await focusKept(page);
  await type(page, page.getByLabel(/^Nom de cette clé/), 'Poste de garde');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Codes de secours' })).toBeFocused();
  await press(page, page.getByRole('button', { name: 'Je les ai gardés' }));
  await expect(page.getByRole('listitem').filter({ hasText: 'Poste de garde' }).first()).toBeVisible();
  await focusKept(page);
  await showCard(page, 'physician');
  const question = page.getByRole('region', { name: /Est-ce bien vous|Is this you/ });
  await expect(question.getByRole('heading')).toBeFocused();
  await axe();
  await press(page, question.getByRole('button', { name: 'Ce n’est pas moi' }));
  await expect(question).toHaveCount(0);
  await alive(page);
  await tabTo(page, page.getByLabel('Langue des pages et des messages'));
  await page.keyboard.press('ArrowDown');
  await press(page, page.getByRole('button', { name: 'Enregistrer' }));
  await expect(page.getByRole('heading', { level: 1, name: 'My account' })).toBeVisible();
  await alive(page);
  // Ten minutes later a factor of now is asked for.
  const late = { status: 403, contentType: 'application/json', body: '{"kind":{"name":"step_up_needed"},"request_id":null}' };
  await page.route('**/auth/factors/recovery/renew', (route) => route.fulfill(late), { times: 2 });
  const renew = page.getByRole('region', { name: 'Two-step sign-in' }).getByRole('listitem').getByRole('button', { name: 'Make new ones' });
  const renewing = page.getByRole('dialog', { name: 'Make new recovery codes?' });
  const asking = page.getByRole('dialog', { name: 'Is it still you?' });
  await press(page, renew);
  await press(page, renewing.getByRole('button', { name: 'Make new ones' }));
  await expect(asking).toBeVisible();
  await axe();
  await page.keyboard.press('Escape');
  await expect(asking).toBeHidden();
  await expect(renew).toBeFocused();
  await press(page, renew);
  await press(page, renewing.getByRole('button', { name: 'Make new ones' }));
  await press(page, asking.getByRole('button', { name: 'Use a passkey' }));
  await expect(asking).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Recovery codes' })).toBeFocused();
  await press(page, page.getByRole('button', { name: 'I have kept them' }));
  await focusKept(page);

  await showCard(page, 'physician');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(question.getByRole('heading')).toBeFocused();
  await axe();
  await press(page, question.getByRole('button', { name: 'It is me, link it' }));
  await expect(page.getByText('Pro Santé Connect opens this account now.')).toBeVisible();
  await alive(page);

  const [first, second] = await openElsewhere(administrator, colleague, 2) as [Page, Page];
  await press(page, page.getByRole('link', { name: /^People/ }));
  await type(page, page.getByRole('searchbox'), colleague);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row')).toHaveCount(2);
  await press(page, page.getByRole('button', { name: 'Sessions of Sasha Deuxfacteurs' }));
  const sessions = page.getByRole('dialog', { name: 'Sessions of Sasha Deuxfacteurs' });
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await axe();
  await tabTo(page, sessions.getByLabel('To end'));
  await page.keyboard.press('ArrowDown');
  await type(page, sessions.getByLabel('Reason'), 'forgotten desk');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The session of Sasha Deuxfacteurs has ended')).toBeVisible();
  await expect(sessions).toBeHidden();
  await focusKept(page);
  await expect(second.getByRole('alertdialog', { name: 'Session terminée' })).toBeVisible();
  await first.reload();
  await atHome(first);
  for (const other of [first, second]) await other.context().close();

  await press(page, page.getByRole('link', { name: 'Settings' }), 'Enter', { back: true });
  const require = page.getByRole('button', { name: 'Require Pro Santé Connect' }).first();
  await press(page, require);
  const requiring = page.getByRole('dialog', { name: 'Accept Pro Santé Connect only?' });
  await expect(requiring).toBeVisible();
  await axe();
  await page.keyboard.press('Escape');
  await expect(requiring).toBeHidden();
  await expect(require).toBeFocused();
});
