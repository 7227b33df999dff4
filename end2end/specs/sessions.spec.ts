// Where one is signed in: seen, and ended from another browser, effective in pages that are open.
import { accounts, CANAL } from '../fixtures/accounts.ts';
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
