// Local sign-ins: how many a second, how long each takes, and the memory that Argon2id holds meanwhile. Everybody here is
// made for this and signs in once a load: a code passes once, and a person of its own meets no other sign-in's lock.
import { linkOf, mailTo } from '../../fixtures/mails.ts';
import { DEMO_PASSWORD } from '../../fixtures/server.ts';
import { Phone } from '../../fixtures/totp.ts';
import { Client } from './client.ts';
import { effort, load, type Load, type Sample } from './load.ts';
import { signIn } from './people.ts';
import { memory, quiet } from './process.ts';
import type { Server } from './server.ts';
import { group, mb, median, percentiles, tell } from './table.ts';

const CLIENTS = 8;
/** People who sign in one after the other, and those who come to the clients at once. */
const ALONE = 20;
const TOGETHER = 120;

interface Person {
  email: string;
  /** Of the last sign-in, as a header. */
  session: Record<string, string>;
  phone: Phone | undefined;
}

interface Outcome {
  outcome: string;
  ticket?: string;
  tokens?: { access_token: string };
}

export async function signIns(server: Server): Promise<void> {
  const client = new Client(CLIENTS);
  const before = memory(server.pid).rss;
  const people = await newPeople(client, ALONE + TOGETHER);
  const password = await both(server, people, (person) => withPassword(client, person));
  // Most of them together: no password is hashed for it.
  await Promise.all(people.map((person) => enrol(client, person)));
  const factor = await both(server, people, (person) => withFactor(client, person));
  client.close();

  group(
    'Local sign-ins, password only',
    `${ALONE + TOGETHER} people, each once: ${ALONE} one after the other, then ${TOGETHER} by ${CLIENTS} clients; tokens in the answer`,
    'Argon2id of 64 MiB and 3 passes, never more than two at once: whoever comes then waits in line',
    'all share the counters of one address, whose limits are raised; only a demonstration allows a password alone',
    `${CLIENTS} clients: ${effort(password.together)}`,
  );
  told(password);
  group('Local sign-ins, password and TOTP', 'the same people, two calls each, both in the time', `${CLIENTS} clients: ${effort(factor.together)}`);
  told(factor);
  await quiet(server.pid);
  tell('memory before both, and when all is quiet (RSS)', `${mb(before)}, ${mb(memory(server.pid).rss)}`);
}

interface Both {
  alone: Load;
  together: Load;
  /** The server's memory while they came together, looked at every 20 ms. */
  rss: number[];
}

async function both(server: Server, people: readonly Person[], act: (person: Person) => Promise<Sample>): Promise<Both> {
  let turn = 0;
  const next = () => {
    const person = people[turn++];
    if (!person) throw new Error('everybody has signed in');
    return act(person);
  };
  const alone = await load(server.pid, 1, { calls: ALONE }, next);
  const rss: number[] = [];
  const look = setInterval(() => rss.push(memory(server.pid).rss), 20);
  try {
    return { alone, together: await load(server.pid, CLIENTS, { calls: TOGETHER }, next), rss };
  } finally {
    clearInterval(look);
  }
}

function told({ alone, together, rss }: Both): void {
  tell('a sign-in, one client', percentiles(alone.times, 50, 95));
  const rate = `${(together.count / together.seconds).toFixed(1)} /s`;
  tell(`sign-ins, ${CLIENTS} clients`, `${rate}, ${percentiles(together.times, 50, 95)}`);
  tell('memory of the server at that rate (RSS)', `median ${mb(median(rss))}, most ${mb(together.peak)}`);
}

/** As everybody comes: invited by mail, with an account of their own. */
async function newPeople(client: Client, count: number): Promise<Person[]> {
  const administrator = await signIn(client, 'administrator');
  const emails = Array.from({ length: count }, (_, n) => `mesure.${n}@lilas.example`);
  const invite = (email: string) => client.json('/api/v1/members/invite', { new: { email, roles: ['secretary'], language: 'fr' } }, administrator);
  await Promise.all(emails.map(invite));
  const people: Person[] = [];
  for (const email of emails) {
    const link = linkOf(await mailTo(email, /Invitation/), '/portal/invitation');
    const token = link.slice(link.indexOf('=') + 1);
    const account = { given_name: 'Mesure', family_name: 'Fictive', password: DEMO_PASSWORD };
    await client.json('/api/v1/members/invitation/account', { token, new: account });
    people.push({ email, session: {}, phone: undefined });
  }
  return people;
}

function sendPassword(client: Client, email: string): Promise<Outcome> {
  return client.json<Outcome>('/api/v1/auth/login', { with: { email, password: DEMO_PASSWORD, establishment: null, transport: 'bearer' } });
}

async function withPassword(client: Client, person: Person): Promise<Sample> {
  const begun = performance.now();
  const answer = await sendPassword(client, person.email);
  const ms = performance.now() - begun;
  if (!answer.tokens) throw new Error(`signing in with a password: ${answer.outcome}`);
  person.session = { authorization: `Bearer ${answer.tokens.access_token}` };
  return { ms };
}

const step = () => Math.floor(Date.now() / 30_000);

async function enrol(client: Client, person: Person): Promise<void> {
  const setup = await client.json<{ ticket: string; secret: string }>('/api/v1/auth/factors/totp/begin', {}, person.session);
  person.phone = new Phone(setup.secret);
  await client.json('/api/v1/auth/factors/totp/confirm', { ticket: setup.ticket, code: person.phone.at(step()) }, person.session);
}

async function withFactor(client: Client, person: Person): Promise<Sample> {
  const begun = performance.now();
  const { outcome, ticket } = await sendPassword(client, person.email);
  if (!person.phone || !ticket) throw new Error(`signing in with a second factor: ${outcome}`);
  // That of the next step, which is good already: that of this one may have been used to enrol.
  const answer = { factor: 'totp', answer: person.phone.at(step() + 1) };
  const shown = await client.json<Outcome>('/api/v1/auth/factor', { ticket, answer });
  const ms = performance.now() - begun;
  if (!shown.tokens) throw new Error(`signing in with a second factor: ${shown.outcome}`);
  return { ms };
}
