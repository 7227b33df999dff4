// Every page of the portal in English, to axe's satisfaction: in a browser that asks for French, by `?lang=en` (patients:
// `patient-english.spec.ts`). What each says besides is compared with its texts where these depend on the address.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { accounts, LILAS, PLATFORM } from '../fixtures/accounts.ts';
import { linkOf, mailTo } from '../fixtures/mails.ts';
import { DOORS, show } from '../fixtures/pages.ts';
import { giveAuthenticator } from '../fixtures/passkey.ts';
import { invite, newPerson } from '../fixtures/people.ts';
import { chooseIdentity } from '../fixtures/psc.ts';
import { registers } from '../fixtures/registration.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { alive, expect, signInByForm, test as base } from '../fixtures/test.ts';
import { Phone } from '../fixtures/totp.ts';

const texts = JSON.parse(readFileSync(new URL('../../app/locales/en/identity.json', import.meta.url), 'utf8')) as Record<string, string>;

/** The page as it stands, or the one of a path. */
type English = (path?: string, at?: Page) => Promise<void>;

const test = base.extend<{ english: English }>({
  english: async ({ page, axe }, use) => {
    await use(async (path, at = page) => {
      if (path) await show(at, path);
      await expect(at.locator('html')).toHaveAttribute('lang', 'en');
      await axe(at);
    });
  },
});

test.describe.configure({ timeout: 180_000 });

// Connected, and nothing happens: lists that other tests fill would not stand still.
test.beforeEach(({ page }) => page.routeWebSocket('/ws', (socket) => socket.connectToServer().onMessage(() => undefined)));

/** The real form, in English; as far as what comes after the password. */
async function showPassword(page: Page, email: string): Promise<void> {
  await show(page, '/portal/sign-in?lang=en');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('the door, what stands before it, and the portal', async ({ page, browser, baseURL, signIn, english, consoleGuard }) => {
  consoleGuard.expect(/status of 409/);
  await page.goto('/portal/sign-in?lang=en');
  for (const path of ['/portal/sign-in', ...Object.values(DOORS)]) await english(path);
  // The form of `signIn` is found by its French texts.
  await page.context().clearCookies();
  await signIn('pharmacist');
  await page.goto('/portal?lang=en');
  for (const path of ['/portal', '/portal/documents', '/portal/codes?scope=all', '/portal/codes/new', '/portal/account']) await english(path);
  await page.context().clearCookies();
  await signIn('administrator');
  await page.goto('/portal?lang=en');
  for (const path of ['/portal', '/portal/people', '/portal/settings', '/portal/audit']) await english(path);
  const context = await browser.newContext({ baseURL, locale: 'fr-FR' });
  const platform = await context.newPage();
  await signInByForm(platform, PLATFORM, DEMO_PASSWORD);
  await expect(platform).toHaveURL(/\/portal$/);
  await platform.goto('/portal?lang=en');
  for (const path of ['/portal', '/portal/registrations', '/portal/account']) await english(path, platform);
  await context.close();
});

/** How a visit to Pro Santé Connect ends, as `psc=` says it; and the text of its title. */
const ENDS = {
  linked: 'link_done_title',
  cancelled: 'psc_cancelled_title',
  expired: 'psc_expired_title',
  login_required: 'psc_expired_title',
  level: 'psc_level_title',
  too_old: 'psc_too_old_title',
  not_professional: 'psc_not_professional_title',
  already_linked: 'psc_linked_title',
  disabled: 'psc_disabled_title',
  step_up: 'psc_step_up_title',
  unavailable: 'psc_unavailable_title',
  off: 'psc_off_title',
  failure: 'psc_failure_title',
  refused: 'psc_refused_title',
  rejected: 'psc_rejected_title',
};

test('what the door says of how one came back to it', async ({ page, english }) => {
  await page.goto('/portal/sign-in?lang=en');
  const main = page.getByRole('main');
  for (const [word, title] of Object.entries(ENDS)) {
    await english(`/portal/sign-in?psc=${word}&request=01890000-0000-7000-8000-000000000000`);
    await expect(main, word).toContainText(texts[title] ?? '?');
    await expect(main, word).toContainText('If you ask for help, give this number');
  }
  for (const [why, text] of Object.entries({ 1: 'session_ended', reuse: 'session_reused', reset: 'reset_done', unlinked: 'unlinked_out', joined: 'joined' })) {
    await english(`/portal/sign-in?ended=${why}`);
    await expect(main, why).toContainText(texts[text] ?? '?');
  }
  for (const failed of ['wrong', 'expired', 'no-establishment', 'psc-only', 'wait-30']) {
    await english(`/portal/sign-in?failed=${failed}`);
    await expect(page.getByRole('alert').filter({ hasText: /\S/ }), failed).toBeVisible();
  }
  await english('/portal/sign-in?step=factor&failed=wrong-factor');
  await expect(page.getByLabel('Six-digit code')).toBeFocused();
});

test('where one works: after a password, in the portal, and with Pro Santé Connect', async ({ page, patient: other, english }) => {
  await showPassword(page, accounts.nurse);
  await expect(page.getByText('In which establishment do you work now?')).toBeVisible();
  await english();
  await page.getByRole('button', { name: LILAS }).click();
  await expect(page).toHaveURL(/\d\/portal$/);
  await english('/portal/choose');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Hello Lou/);
  // A window that may not close itself.
  await page.addInitScript(() => void (window.close = () => undefined));
  for (const [path, title] of [['/portal/signed-in', 'signed_in_title'], ['/portal/signed-in?psc=cancelled', 'signed_in_failed_title']] as const) {
    await english(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(texts[title] ?? '?');
  }

  await show(other, '/portal/sign-in?lang=en');
  await other.getByRole('link', { name: /^S’identifier avec Pro Santé Connect/ }).click();
  await chooseIdentity(other, 'nurse_two');
  await expect(other.getByText('In which activity do you work now?')).toBeVisible();
  await alive(other);
  await english(undefined, other);
  await other.getByRole('button', { name: /SSIAD DU CANAL FICTIF/ }).click();
  await other.getByLabel('Your establishment').fill('canal');
  await other.keyboard.press('Enter');
  await expect(other.getByRole('button', { name: /SSIAD du Canal.*Ask for access/ })).toBeVisible();
  await english(undefined, other);
});

test('the second step: set up, asked for, shown again; and the dialogs of one’s own account', async ({ page, patient: administrator, signIn, english, consoleGuard }) => {
  consoleGuard.expect(/status of (401|403)|WebSocket/);
  await signIn('administrator', administrator);
  const email = await newPerson(administrator, `english.${Date.now()}@lilas.example`);
  await giveAuthenticator(page);
  await showPassword(page, email);
  await expect(page).toHaveURL(/\d\/portal$/);

  await english('/portal/second-factor?return=/portal/account');
  await page.getByRole('button', { name: 'A passkey instead' }).click();
  await expect(page.getByLabel(/^Name of this key/)).toBeVisible();
  await english();
  await page.getByRole('button', { name: 'An authenticator application instead' }).click();
  await page.getByRole('button', { name: 'Show the QR code' }).click();
  await page.getByText('Can’t scan?').click();
  await english();
  const phone = new Phone((await page.locator('.totp-secret code').textContent()) ?? '');
  await page.getByLabel(/^Code shown by the application/).fill(await phone.code());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Recovery codes' })).toBeFocused();
  await english();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page).toHaveURL(/\/portal\/account$/);

  await alive(page);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel(/^Name of this key/).fill('Desk');
  await english();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Passkey added')).toBeVisible();
  for (const [opener, title] of [['Remove', 'Remove the authenticator application?'], ['Remove the passkey Desk', 'Remove this passkey?']] as const) {
    await page.getByRole('button', { name: opener, exact: true }).click();
    await expect(page.getByRole('dialog', { name: title })).toBeVisible();
    await english();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  }

  // Ten minutes later a factor of now is asked for.
  const late = { status: 403, contentType: 'application/json', body: '{"kind":{"name":"step_up_needed"},"request_id":null}' };
  await page.route('**/auth/factors/recovery/renew', (route) => route.fulfill(late), { times: 1 });
  await page.getByRole('button', { name: 'Make new ones' }).click();
  const renewing = page.getByRole('dialog', { name: 'Make new recovery codes?' });
  await expect(renewing).toBeVisible();
  await english();
  await renewing.getByRole('button', { name: 'Make new ones' }).click();
  const asking = page.getByRole('dialog', { name: 'Is it still you?' });
  await expect(asking.getByLabel('Six-digit code')).toBeVisible();
  await english();
  await asking.getByRole('button', { name: 'Use a recovery code' }).click();
  await expect(asking.getByLabel('Recovery code')).toBeVisible();
  await english();
  await page.keyboard.press('Escape');

  await page.goto('about:blank');
  await page.context().clearCookies();
  await showPassword(page, email);
  await expect(page.getByLabel('Six-digit code')).toBeFocused();
  await english();
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await expect(page.getByLabel('Recovery code')).toBeVisible();
  await english();
  const notMe = linkOf(await mailTo(email, /clé d’accès a été ajoutée/), '/portal/not-me');
  await english(notMe);
  await page.getByRole('button', { name: 'Protect my account' }).click();
  await expect(page.getByText('Done: nobody is signed in to your account any more.')).toBeVisible();
  await english();
});

test('links that are good', async ({ page, patient: french, signIn, english, consoleGuard }) => {
  consoleGuard.expect(/status of (401|409)|WebSocket/);
  const [stamp, establishment] = [Date.now(), `Port ${Date.now()}`];
  await registers(french, establishment, `port.${stamp}@port.example`);
  await page.goto('/portal/sign-in?lang=en');
  await english(linkOf(await mailTo(`port.${stamp}@port.example`, /confirmer l’inscription/), '/portal/registration'));
  await expect(page.getByText(establishment)).toBeVisible();
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('button', { name: 'Confirm' })).toHaveCount(0);
  await english();

  await signIn('administrator', french);
  await english(await invite(french, `invited.${stamp}@lilas.example`, 'Secrétaire'));
  await expect(page.getByRole('button', { name: 'Make my account' })).toBeVisible();

  const email = await newPerson(french, `links.${stamp}@lilas.example`);
  await show(page, '/portal/forgotten');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText('If an account uses this address')).toBeVisible();
  await english();
  await english(linkOf(await mailTo(email, /nouveau mot de passe/), '/portal/reset'));
  await expect(page.getByRole('button', { name: 'Save' })).toBeVisible();

  await showPassword(page, email);
  await expect(page).toHaveURL(/\d\/portal$/);
  await show(page, '/portal/account');
  await page.getByLabel('New address').fill(`moved.${stamp}@lilas.example`);
  await page.getByRole('button', { name: 'Change the address' }).click();
  await expect(page.getByText(`Waiting: moved.${stamp}@lilas.example`)).toBeVisible();
  await english();
  for (const address of [email, `moved.${stamp}@lilas.example`]) {
    await english(linkOf(await mailTo(address, /adresse/), '/portal/email'));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await expect(page.getByRole('button', { name: 'Confirm' })).toHaveCount(0);
    await english();
  }
  await expect(page.getByText('this is the account’s address from now on')).toBeVisible();
});
