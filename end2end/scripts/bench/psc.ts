// Back from Pro Santé Connect: from the browser's request of the callback to the last byte of the first page.
import { PSC_ORIGIN } from '../../fixtures/psc.ts';
import { PUBLIC_URL } from '../../fixtures/server.ts';
import type { OutgoingHttpHeaders } from 'node:http';
import { Client, type Answer } from './client.ts';
import { SLUG, signIn } from './people.ts';
import { group, kb, median, ms, tell } from './table.ts';

const SIGN_INS = 30;
const FIRST_PAGE = '/portal';

/** Cookies of one site. */
class Jar {
  readonly #cookies = new Map<string, string>();

  keep(lines: readonly string[] = []): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
  }

  get(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  toString(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/** One sign-in of somebody whom the provider doesn't know yet, in a browser of its own. */
class Visit {
  readonly #client: Client;
  readonly #jar = new Jar();

  constructor(client: Client) {
    this.#client = client;
  }

  /** To the provider, its page, and until it sends the browser back: the address that it is sent to. */
  async callback(): Promise<string> {
    const { headers } = await this.#get('/auth/psc', 303);
    const jar = new Jar();
    let next = new URL(headers.location ?? '');
    let form: URLSearchParams | undefined;
    while (next.origin !== PUBLIC_URL) {
      // The two hosts of the simulator share their cookies, as ports do.
      const answer = await fetch(next, { method: form ? 'POST' : 'GET', body: form, redirect: 'manual', headers: { accept: 'text/html', cookie: String(jar) } });
      jar.keep(answer.headers.getSetCookie());
      const page = await answer.text();
      const location = answer.headers.get('location');
      // A page that does not send on asks who it is, once.
      if (!location && (form || answer.status !== 200)) throw new Error(`${next}: ${answer.status} ${page.slice(0, 300)}`);
      form = location ? undefined : new URLSearchParams({ identity: 'pharmacist' });
      if (location) next = new URL(location, next);
    }
    return next.pathname + next.search;
  }

  /** The callback itself, and the page that it leads to. */
  async arrive(callback: string): Promise<{ callback: Answer; page: Answer }> {
    const back = await this.#get(callback, 303);
    // Who is turned away, or works nowhere, is led to other pages.
    if (back.headers.location !== FIRST_PAGE) throw new Error(`the callback leads to ${back.headers.location}`);
    return { callback: back, page: await this.#get(FIRST_PAGE, 200, { 'accept-encoding': 'gzip, br' }) };
  }

  /** Ends without the page. */
  async session(callback: string): Promise<OutgoingHttpHeaders> {
    await this.#get(callback, 303);
    return { authorization: `Bearer ${this.#jar.get('carelink-access')}` };
  }

  async #get(path: string, status: number, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    const answer = await this.#client.send({ path, status, headers: { accept: 'text/html', cookie: String(this.#jar), ...headers } });
    this.#jar.keep(answer.headers['set-cookie']);
    return answer;
  }
}

/** Has the identity let in, so that the first page is one of work. */
async function letIn(client: Client): Promise<void> {
  const visit = new Visit(client);
  const person = await visit.session(await visit.callback());
  const found = await client.json<{ id: string; slug: string }[]>('/api/v1/establishments?search=Lilas', undefined, person);
  const establishment = found.find(({ slug }) => slug === SLUG)?.id;
  await client.json('/api/v1/members/ask', { establishment, message: null }, person);
  const { user } = await client.json<{ user: string }>('/api/v1/auth/me', undefined, person);
  await client.json('/api/v1/members/accept', { user, roles: ['pharmacist'] }, await signIn(client, 'administrator'));
}

export async function psc(): Promise<void> {
  const client = new Client(1);
  await letIn(client);
  const seen: { callback: number; page: number; bytes: number }[] = [];
  for (let n = -2; n < SIGN_INS; n++) {
    const visit = new Visit(client);
    const { callback, page } = await visit.arrive(await visit.callback());
    // The first two are for warming up.
    if (n >= 0) seen.push({ callback: callback.ms, page: page.ms, bytes: page.bytes });
  }
  client.close();
  const all = seen.map(({ callback, page }) => callback + page);
  group(
    'Back from Pro Santé Connect',
    `${SIGN_INS} sign-ins, one after the other, on a connection that is kept; the provider is the simulator (${PSC_ORIGIN}, Node)`,
    'callback: exchange of the code and UserInfo, with the simulator’s own time; its metadata and keys are known already;',
    '  identity token checked, the person renewed from UserInfo, session and audit written to the disk',
    `page: the HTML of ${FIRST_PAGE} as rendered and compressed by the server, no script or style of it`,
  );
  tell('callback to the end of the first page', `median ${ms(median(all))}, most ${ms(Math.max(...all))}`);
  tell('  of which the callback', `median ${ms(median(seen.map(({ callback }) => callback)))}`);
  tell('  of which the page', `median ${ms(median(seen.map(({ page }) => page)))}, ${kb(median(seen.map(({ bytes }) => bytes)))}`);
}
