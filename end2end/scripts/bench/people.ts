// Staff with bearer tokens, and depositors with the cookies that a code gives them.
import { accounts } from '../../fixtures/accounts.ts';
import { DEMO_PASSWORD, PUBLIC_URL } from '../../fixtures/server.ts';
import type { Answer, Client } from './client.ts';

export const SLUG = 'pharmacie-des-lilas';
/** What a code and a deposit accept at most (app/model/src/codes). */
const MOST_DEPOSITS = 50;
const MOST_FILES = 20;

interface SignedIn {
  outcome: string;
  tokens?: { access_token: string };
  establishments?: { id: string; slug: string }[];
}

/** Signs in at the pharmacy; gives the header that every call of this person carries. The token is good for five minutes. */
export async function signIn(client: Client, role: 'pharmacist' | 'administrator'): Promise<Record<string, string>> {
  const ask = (establishment: string | null) =>
    client.json<SignedIn>('/api/v1/auth/login', {
      with: { email: accounts[role], password: DEMO_PASSWORD, establishment, transport: 'bearer' },
    });
  let answer = await ask(null);
  if (answer.establishments) answer = await ask(answer.establishments.find(({ slug }) => slug === SLUG)?.id ?? null);
  if (!answer.tokens) throw new Error(`signing in as ${role}: ${answer.outcome}`);
  return { authorization: `Bearer ${answer.tokens.access_token}` };
}

/** A new code that accepts as much as a code can: its value and its link. */
export async function newCode(client: Client, label: string): Promise<{ value: string; link: string }> {
  const wanted = { label, note: null, validity: 1440, max_deposits: MOST_DEPOSITS, max_files: MOST_FILES };
  const staff = await signIn(client, 'pharmacist');
  const { secret } = await client.json<{ secret: { value: string; link: string } }>('/api/v1/codes/generate', { new: wanted }, staff);
  return secret;
}

/** A program that may deposit `MOST_FILES` files. */
interface Depositor {
  headers: Record<string, string>;
}

/** Presents a code as a program does. */
export async function present(client: Client, code: string): Promise<Answer> {
  const body = JSON.stringify({ establishment: SLUG, code });
  return client.send({ path: '/api/v1/codes/validate', headers: { 'content-type': 'application/json' }, body });
}

/** So many depositors under one code, which is theirs alone. */
async function depositors(client: Client, count: number, label: string): Promise<Depositor[]> {
  if (count > MOST_DEPOSITS) throw new Error(`a code accepts ${MOST_DEPOSITS} deposits`);
  const { value } = await newCode(client, label);
  const open = async () => {
    const answer = await present(client, value);
    const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    const { csrf } = JSON.parse(answer.body.toString()) as { csrf: string };
    return { headers: { cookie, origin: PUBLIC_URL, 'x-csrf-token': csrf } };
  };
  return Promise.all(Array.from({ length: count }, open));
}

/** Who sends the next file. */
export type Sender = () => Depositor;

/** Opens depositors for so many files of one sender, and hands each out for as many files as it may send. */
export async function sender(client: Client, files: number, label: string): Promise<Sender> {
  const who = await depositors(client, Math.ceil(files / MOST_FILES), label);
  let turn = 0;
  return () => {
    const from = who[Math.floor(turn++ / MOST_FILES)];
    if (!from) throw new Error(`${label}: more than ${files} files`);
    return from;
  };
}

/** What is sent: `body` may come in pieces. */
export interface File {
  name: string;
  type: string;
  size: number;
  body: Buffer | Iterable<Buffer>;
}

let sent = 0;

/** Sends one file; gives its answer. */
export function send(client: Client, next: Sender | undefined, file: File): Promise<Answer> {
  const who = next?.();
  if (!who) throw new Error('nobody sends');
  return client.send({
    path: `/api/v1/documents/upload?establishment=${SLUG}`,
    headers: {
      ...who.headers,
      'content-type': file.type,
      'content-length': file.size,
      'x-file-name': encodeURIComponent(file.name),
      'x-idempotency-key': `bench-${process.pid}-${String(++sent).padStart(8, '0')}`,
    },
    body: file.body,
  });
}
