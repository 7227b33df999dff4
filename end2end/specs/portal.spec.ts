// Every page of the portal: axe, 390 px without sideways scrolling, English, keyboard.
import type { Page } from '@playwright/test';
import { alive, expect, test } from '../fixtures/test.ts';

const CARE = ['/portal', '/portal/codes', '/portal/codes/new', '/portal/documents', '/portal/account'];
const ADMINISTRATION = ['/portal', '/portal/people', '/portal/settings', '/portal/audit', '/portal/account'];

async function settled(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await alive(page);
  await page.waitForLoadState('networkidle');
}

async function fits(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const [role, paths] of [['pharmacist', CARE], ['administrator', ADMINISTRATION]] as const) {
  test(`pages of the ${role}`, async ({ page, signIn, axe }) => {
    await signIn(role);
    for (const path of paths) {
      await settled(page, path);
      await axe();
      await page.setViewportSize({ width: 390, height: 844 });
      await fits(page);
      await axe();
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  });
}

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
