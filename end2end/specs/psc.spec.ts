// Pro Santé Connect through a real provider: in, around, and out.
import { accounts } from '../fixtures/accounts.ts';
import { chooseIdentity, lever, signInWithPsc } from '../fixtures/psc.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { alive, expect, signInByForm, test } from '../fixtures/test.ts';

// One after the other: the levers of the simulator concern everybody.
test.describe.configure({ mode: 'default' });

test('who is not known yet asks to be let in, is accepted, works, and signs out of both', async ({ page, patient: other, signIn, axe }) => {
  await page.goto('/portal/sign-in');
  await alive(page);
  await axe();
  await page.getByRole('link', { name: 'S’identifier avec Pro Santé Connect (simulateur)' }).focus();
  await page.keyboard.press('Enter');
  await chooseIdentity(page, 'pharmacist');
  await expect(page).toHaveURL(/localhost.*\/portal\/choose/);
  await expect(page.getByRole('heading', { name: 'Bonjour ROMANE FACTICE' })).toBeVisible();
  await alive(page);
  await axe();
  await page.getByLabel('Votre établissement').fill('lilas');
  await page.keyboard.press('Enter');
  await page.getByLabel(/^Un mot pour l’administrateur/).fill('Pharmacienne adjointe');
  await page.getByRole('button', { name: /Pharmacie des Lilas.*Demander l’accès/ }).click();
  await expect(page.getByText('En attente')).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await axe();

  // The administrator, elsewhere.
  await signIn('administrator', other);
  // What waits is marked where it is answered.
  const mark = other.getByRole('link', { name: /^Personnes/ }).getByRole('img', { name: /en attente de réponse/ });
  await expect(mark).toBeVisible();
  await other.goto('/portal/people');
  await alive(other);
  const request = other.getByRole('region', { name: 'Demandes d’accès' }).getByRole('listitem').filter({ hasText: 'ROMANE FACTICE' });
  await expect(request).toContainText('Pharmacien');
  await expect(request).toContainText('RPPS 99700100011');
  await expect(request).toContainText('Pharmacienne adjointe');
  await axe(other);
  await other.getByRole('button', { name: 'Accepter ROMANE FACTICE' }).click();
  const dialog = other.getByRole('dialog', { name: 'Accueillir ROMANE FACTICE' });
  await expect(dialog.getByLabel('Pharmacien', { exact: true })).toBeChecked();
  await axe(other);
  await dialog.getByRole('button', { name: 'Accepter' }).click();
  await expect(other.getByText('ROMANE FACTICE fait maintenant partie de l’établissement')).toBeVisible();

  // Now there is a place to work: the page that waits notices when somebody comes back to it, and the choice leads in.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await page.getByRole('button', { name: /^Pharmacie des Lilas/ }).click();
  await expect(page).toHaveURL(/\d\/portal$/);
  await page.goto('/portal/account');
  await alive(page);
  await expect(page.getByText('PHARMACIE DES LILAS FICTIVE').first()).toBeVisible();
  await axe();

  // Out of both: the next one at this desk is not let in by a session that is open there.
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByLabel('Menu de la personne').or(page.locator('.shell-user summary')).first().click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page).toHaveURL(/\/portal\/sign-in/);
  await page.getByRole('link', { name: /^S’identifier avec Pro Santé Connect/ }).click();
  await expect(page.getByRole('heading', { name: 'Pro Santé Connect (simulateur)' })).toBeVisible();
});

test('somebody of two activities chooses one', async ({ page, axe }) => {
  await signInWithPsc(page, 'nurse_two');
  await expect(page.getByText('Dans quelle activité travaillez-vous maintenant ?')).toBeVisible();
  await alive(page);
  await axe();
  await page.getByRole('button', { name: /SSIAD DU CANAL FICTIF/ }).click();
  await expect(page.getByText('Pro Santé Connect a confirmé qui vous êtes.')).toBeVisible();
});

for (const [name, act, title] of [
  ['who cancels', (page) => page.getByRole('button', { name: 'Annuler' }).click(), 'Identification abandonnée'],
  ['who exercises nothing', (page) => page.locator('button[value="no_exercise"]').click(), 'Aucun exercice professionnel'],
  ['an identity below the level', (page) => breakdown(page, 'level'), 'Niveau de preuve insuffisant'],
  ['a session that is too old there', (page) => breakdown(page, 'old_session'), 'Session Pro Santé Connect trop ancienne'],
] as [string, (page: import('@playwright/test').Page) => Promise<void>, string][]) {
  test(`${name} is told so, with a number and a way out`, async ({ page, axe, consoleGuard }) => {
    // The simulator's own pages are not ours.
    consoleGuard.expect(/127\.0\.0\.1/);
    await page.goto('/portal/sign-in');
    await page.getByRole('link', { name: /^S’identifier avec Pro Santé Connect/ }).click();
    await act(page);
    await expect(page).toHaveURL(/localhost.*\/portal\/sign-in/);
    await expect(page.getByText(title)).toBeVisible();
    await expect(page.getByText(/donnez ce numéro\s: [0-9a-f-]{36}/)).toBeVisible();
    await expect(page.getByRole('link', { name: /^S’identifier avec Pro Santé Connect/ })).toBeVisible();
    await axe();
  });
}

async function breakdown(page: import('@playwright/test').Page, which: string): Promise<void> {
  await page.getByText('Pannes').click();
  await page.locator(`button[name="failure"][value="${which}"]`).click();
}

test('a provider that does not answer says so, and local accounts go on', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/127\.0\.0\.1/);
  await lever('outage', { on: true });
  try {
    // It was seen alive some seconds ago: until that is over, people are sent to its own dead page.
    await expect(async () => {
      await page.goto('/portal/sign-in');
      await page.getByRole('link', { name: /^S’identifier avec Pro Santé Connect/ }).click();
      await expect(page).toHaveURL(/localhost.*psc=unavailable/, { timeout: 2_000 });
    }).toPass({ timeout: 40_000, intervals: [3_000] });
    await expect(page.getByText('Pro Santé Connect ne répond pas')).toBeVisible();
    await signInByForm(page, accounts.pharmacist, DEMO_PASSWORD);
    await expect(page).toHaveURL(/\/portal$/);
  } finally {
    await lever('outage', { on: false });
  }
});

test('the provider ends a session, and an open page notices', async ({ page, consoleGuard }) => {
  consoleGuard.expect(/status of 401/);
  await signInWithPsc(page, 'edit');
  await expect(page).toHaveURL(/\/portal\/choose/);
  const told = await lever('backchannel', { sub: 'f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:ANS20231122132732' });
  expect(told['status']).toBe(200);
  await page.goto('/portal/account');
  await expect(page).toHaveURL(/\/portal\/sign-in/);
});

test('a declined request is told where it is waited for', async ({ page, patient: administrator, signIn, axe }) => {
  await page.clock.install();
  await signInWithPsc(page, 'edit');
  await expect(page).toHaveURL(/\/portal\/choose/);
  await alive(page);
  await page.getByLabel('Votre établissement').fill('lilas');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Pharmacie des Lilas.*Demander l’accès/ }).click();
  await expect(page.getByText('En attente')).toBeVisible();

  await signIn('administrator', administrator);
  await administrator.goto('/portal/people');
  await alive(administrator);
  await administrator.getByRole('button', { name: 'Refuser GARANCE MAQUETTE' }).click();
  const question = administrator.getByRole('dialog', { name: 'Refuser la demande de GARANCE MAQUETTE' });
  await question.getByRole('button', { name: 'Refuser' }).click();
  await expect(administrator.getByRole('button', { name: 'Refuser GARANCE MAQUETTE' })).toHaveCount(0);

  await page.clock.fastForward(31_000);
  await expect(page.getByText('Votre demande à Pharmacie des Lilas n’a pas été acceptée.')).toBeVisible();
  await expect(page.getByText('En attente')).toHaveCount(0);
  await axe();

  // Who had closed the page reads it the next time.
  await page.reload();
  await expect(page.getByText('Non acceptée')).toBeVisible();
  await axe();
});
