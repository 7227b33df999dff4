// How every page looks, as far as a program can judge: on a phone and on a desk, light and dark, no violation for axe
// (contrasts included) and nothing that needs scrolling sideways; nor with text twice as large.
// `CARELINK_E2E_SHOTS=<folder>` leaves a picture of each.
import type { Page } from '@playwright/test';
import { PLATFORM } from '../fixtures/accounts.ts';
import { DOORS, show } from '../fixtures/pages.ts';
import { DEMO_PASSWORD } from '../fixtures/server.ts';
import { expect, files, signInByForm, test } from '../fixtures/test.ts';
import { deposit, newCode } from '../fixtures/transfer.ts';

const SCREENS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
const SCHEMES = ['light', 'dark'] as const;
const shots = process.env.CARELINK_E2E_SHOTS;

type Judge = (name: string, page?: Page) => Promise<void>;

async function fits(page: Page, how: string): Promise<void> {
  const [wide, room] = await page.evaluate(() => {
    const root = document.scrollingElement ?? document.documentElement;
    return [root.scrollWidth, root.clientWidth] as const;
  });
  expect.soft(wide, `${page.url()} scrolls sideways, ${how}`).toBeLessThanOrEqual(room);
}

/** Text twice as large, without a wider screen for it. */
async function enlarge(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(() => {
    document.documentElement.style.fontSize = `${2 * parseFloat(getComputedStyle(document.documentElement).fontSize)}px`;
  });
}

const picture = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true, animations: 'disabled' });
};

const look = test.extend<{ judge: Judge }>({
  /** The page as it stands: on each screen, in each scheme, then with larger text. */
  judge: async ({ page, axe }, use) => {
    await use(async (name, judged = page) => {
      const before = judged.viewportSize();
      for (const screen of SCREENS) {
        await judged.setViewportSize(screen);
        for (const colorScheme of SCHEMES) {
          await judged.emulateMedia({ colorScheme });
          const how = `${screen.width} px, ${colorScheme}`;
          await fits(judged, how);
          // What the dark scheme changes is colours, and nothing else that axe looks at.
          await look.step(`${name}, ${how}`, () => axe(judged, colorScheme === 'dark' ? { only: ['color-contrast'] } : {}));
          await picture(judged, `${name}-${screen.width}-${colorScheme}`);
        }
      }
      await judged.emulateMedia({ colorScheme: null });
      await enlarge(judged);
      await fits(judged, '1280 px, text at 200 %');
      await picture(judged, `${name}-text`);
      await judged.evaluate(() => document.documentElement.style.removeProperty('font-size'));
      if (before) await judged.setViewportSize(before);
    });
  },
});

look.describe.configure({ timeout: 180_000 });

// Connected, and nothing happens: lists that other tests fill would not stand still.
look.beforeEach(({ page }) => page.routeWebSocket('/ws', (socket) => socket.connectToServer().onMessage(() => undefined)));

look('the portal of who receives documents', async ({ page, signIn, judge }) => {
  await signIn('pharmacist');
  for (const [name, path] of Object.entries({
    home: '/portal',
    documents: '/portal/documents',
    'documents-none': '/portal/documents?q=introuvable',
    codes: '/portal/codes?scope=all',
    'codes-none': '/portal/codes?q=introuvable',
    'code-new': '/portal/codes/new',
    account: '/portal/account',
  })) {
    await show(page, path);
    await judge(name);
  }
});

/** As long as a label may be, with a word that no line of a phone holds. */
const LONG_LABEL = 'Ordonnance de renouvellement et compte rendu d’électrocardiogramme-radiographie-échographie-cardiaque-et-rénale'.slice(0, 120);

look('a code and a document, with a long label', async ({ page, signIn, judge }) => {
  await signIn('pharmacist');
  const code = await newCode('pharmacist', LONG_LABEL, 2);
  await deposit(code.link, [files.pdf, files.photo]);
  await show(page, `/portal/codes/${code.id}`);
  await expect(page.locator('p.code')).toBeVisible();
  await judge('code');
  await show(page, `/portal/codes/${code.id}/sheet`);
  await expect(page.locator('p.code')).toBeVisible();
  await judge('sheet');
  await show(page, `/portal/documents?code=${code.id}`);
  await page.getByRole('link', { name: 'compte-rendu.pdf', exact: true }).click();
  await expect(page.getByRole('img', { name: /^Page 1 sur 2/ })).toBeVisible({ timeout: 30_000 });
  await judge('document');
});

look('the portal of an administrator, and its door', async ({ page, signIn, judge }) => {
  await show(page, '/portal/sign-in');
  await judge('sign-in');
  await signIn('administrator');
  for (const [name, path] of Object.entries({
    'home-administrator': '/portal',
    people: '/portal/people',
    settings: '/portal/settings',
    audit: '/portal/audit',
    'audit-none': '/portal/audit?q=introuvable',
  })) {
    await show(page, path);
    await judge(name);
  }
});

look('the pages before the portal', async ({ page, judge, consoleGuard }) => {
  consoleGuard.expect(/status of 409/);
  for (const [name, path] of Object.entries(DOORS)) {
    await show(page, path);
    await judge(name);
  }
});

look('the portal of an administrator of the platform', async ({ page, judge }) => {
  await signInByForm(page, PLATFORM, DEMO_PASSWORD);
  await expect(page).toHaveURL(/\/portal$/);
  for (const [name, path] of Object.entries({
    'home-platform': '/portal',
    registrations: '/portal/registrations',
    'account-platform': '/portal/account',
  })) {
    await show(page, path);
    await judge(name);
  }
});

look('the pages of a patient', async ({ patient, judge, consoleGuard }) => {
  consoleGuard.expect(/status of 4\d\d/);
  for (const [name, path] of Object.entries({
    'patient-home': '/',
    'patient-found': '/?q=lilas',
    'patient-found-none': '/?q=introuvable',
    'patient-code': '/d/pharmacie-des-lilas',
    'patient-legal': '/legal',
    'patient-privacy': '/privacy',
    'patient-accessibility': '/accessibility',
    'patient-missing': '/d/nulle-part',
  })) {
    await patient.goto(path);
    await judge(name, patient);
  }
  await patient.goto('/d/pharmacie-des-lilas');
  await patient.getByLabel('Code à six caractères').fill('000000');
  await patient.getByRole('button', { name: 'Continuer' }).click();
  await judge('patient-code-wrong', patient);

  const code = await newCode('pharmacist', `Ordonnance ${Date.now()}`);
  await patient.goto(code.link);
  await judge('patient-deposit', patient);
  await patient.getByText('Vos données personnelles').click();
  await patient.locator('#choose-input').setInputFiles([files.photo, files.pdf]);
  await expect(patient.getByText(/^Prêt à envoyer/)).toHaveCount(2);
  await judge('patient-deposit-files', patient);
  await patient.getByRole('button', { name: /Envoyer/ }).click();
  await expect(patient).toHaveURL(/\/r\//, { timeout: 20_000 });
  await judge('patient-receipt', patient);
  await patient.getByRole('link', { name: 'Retirer ce dépôt' }).click();
  await judge('patient-withdraw', patient);
  await patient.getByRole('button', { name: /Oui, retirer/ }).click();
  await judge('patient-withdrawn', patient);
});

look('columns stay readable with text twice as large', async ({ page, signIn }) => {
  await signIn('pharmacist');
  const code = await newCode('pharmacist', `Texte ${Date.now()}`);
  for (const path of ['/portal', `/portal/codes/${code.id}`]) {
    await show(page, path);
    await enlarge(page);
    const narrowest = () =>
      page.locator('main .card').evaluateAll((cards) => Math.min(...cards.map((card) => card.getBoundingClientRect().width)));
    // The columns follow the text a frame later.
    await expect.poll(narrowest, path).toBeGreaterThan(320);
  }
});

look('an unknown address of the portal leads back to the portal', async ({ page, signIn, consoleGuard }) => {
  consoleGuard.expect(/status of 404/);
  await signIn('pharmacist');
  await page.goto('/portal/nulle-part');
  await expect(page.getByRole('heading', { name: 'Page introuvable' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Revenir à l’accueil' })).toHaveAttribute('href', '/portal');
});
