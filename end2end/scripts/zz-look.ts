import { test } from '@playwright/test';
import { signInWithPsc } from '../fixtures/psc.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { alive, signInByForm } from '../fixtures/test.ts';
const out = '/tmp/shots';
test('look', async ({ browser }) => {
  for (const [name, viewport, colorScheme] of [['m', { width: 390, height: 844 }, 'light'], ['d', { width: 1440, height: 900 }, 'dark'], ['w', { width: 1440, height: 900 }, 'light']] as const) {
    const context = await browser.newContext({ viewport, colorScheme, locale: 'fr-FR', baseURL: 'http://localhost:3100' });
    const page = await context.newPage();
    const shot = (what: string) => page.screenshot({ path: `${out}/${what}-${name}.png`, fullPage: true });
    await page.goto('/portal/sign-in'); await alive(page); await shot('signin');
    await page.goto('/portal/sign-in?psc=not_professional&request=01a22050-4e88-7045-bf78-54af10c4cb9a'); await alive(page); await shot('problem');
    await signInWithPsc(page, name === 'm' ? 'nurse_two' : name === 'd' ? 'physician_two' : 'lookalike'); await alive(page); await shot('choose');
    if (name === 'w') { await page.getByLabel('Votre établissement').fill('lilas'); await page.keyboard.press('Enter'); await page.waitForTimeout(800); await shot('found'); await page.getByRole('button', { name: /Demander/ }).first().click(); await page.waitForTimeout(800); await shot('asked'); }
    await context.clearCookies();
    await signInByForm(page, 'alix.demo@lilas.example', DEMO_PASSWORD, 'Pharmacie des Lilas'); await page.waitForURL(/\d\/portal$/);
    await page.goto('/portal/account'); await alive(page); await page.waitForTimeout(500);
    await page.getByRole('button', { name: 'Ajouter', exact: true }).click(); await page.getByRole('button', { name: 'Afficher le QR code' }).click(); await page.waitForTimeout(800); await shot('account');
    await page.goto('/portal/people'); await alive(page); await page.waitForTimeout(500); await shot('people');
    await context.close();
  }
});
