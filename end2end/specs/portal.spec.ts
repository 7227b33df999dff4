// Small things about the portal as a whole. (How its pages look, and what axe says of each: look.spec.ts.)
import { alive, expect, test } from '../fixtures/test.ts';

test('the portal in English', async ({ page, signIn }) => {
  await signIn('pharmacist');
  await page.goto('/portal?lang=en');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('link', { name: 'Home' }).first()).toBeVisible();
});

test('signing in with the keyboard alone, and a wrong password', async ({ page, axe, consoleGuard }) => {
  consoleGuard.expect(/status of 401/);
  await page.goto('/portal/documents');
  await expect(page).toHaveURL(/sign-in\?return=/);
  await alive(page);
  await axe();
  await page.getByLabel('Adresse e-mail').focus();
  await page.keyboard.type('camille.demo@lilas.example');
  await page.keyboard.press('Tab');
  await page.keyboard.type('pas le bon mot de passe');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('incorrect');
  await axe();
});

test('an unknown address of the portal says so', async ({ page, signIn, axe, consoleGuard }) => {
  consoleGuard.expect(/status of 404/);
  await signIn('pharmacist');
  const response = await page.goto('/portal/nulle-part');
  expect(response?.status()).toBe(404);
  await axe();
});
