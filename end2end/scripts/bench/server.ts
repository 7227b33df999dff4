// The server that is measured. Its first start is the one that the tests make (fixtures/server.ts); every later one is
// the same program with the same environment on the same data, and with limits that one client does not run into.
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, readlinkSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PORT } from '../../fixtures/server.ts';

/** Limits that would be measured instead of the server: every request here comes from one address. */
export const RAISED: Record<string, string> = Object.fromEntries(
  [
    'ANONYMOUS_PER_MINUTE',
    'UPLOADS_PER_ADDRESS',
    'SIGN_IN_FREE',
    'SIGN_IN_PER_ACCOUNT',
    'SIGN_IN_PER_ADDRESS',
    'CODE_FREE',
    'CODE_PER_ADDRESS',
    'CODE_PER_NETWORK',
    'CODE_PER_ESTABLISHMENT',
    'CODE_GLOBAL',
    'CODE_ALERT',
  ].map((name) => [`CARELINK_LIMITS_${name}`, '10000000']),
);

/** What is needed to start the first server again. */
interface Recipe {
  program: string;
  cwd: string;
  env: Record<string, string>;
}

export class Server {
  readonly #recipe: Recipe;
  #process: ChildProcess | undefined;
  #pid: number;
  /** The data folder. */
  readonly data: string;
  /** Where the running server writes its log. */
  readonly log: string;

  /** Takes over the server that runs. */
  constructor(pid: number, data: string, log: string) {
    const env = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    const pairs = env.map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    this.#recipe = {
      program: readlinkSync(`/proc/${pid}/exe`),
      cwd: readlinkSync(`/proc/${pid}/cwd`),
      env: { ...Object.fromEntries(pairs), ...RAISED },
    };
    this.#pid = pid;
    this.data = data;
    this.log = log.replace(/(\.log)?$/, '-bench.log');
    // Whatever ends us ends it too.
    process.once('exit', () => this.#process?.kill('SIGTERM'));
  }

  get pid(): number {
    return this.#pid;
  }

  get program(): string {
    return this.#recipe.program;
  }

  /** Stops it, as Ctrl-C would, and waits for its end: PostgreSQL has stopped by then. */
  async stop(): Promise<void> {
    process.kill(this.#pid, 'SIGTERM');
    for (let waited = 0; existsSync(`/proc/${this.#pid}`); waited += 10) {
      if (waited > 40_000) throw new Error(`the server (process ${this.#pid}) does not end`);
      await sleep(10);
    }
    this.#process = undefined;
  }

  /** Starts it; gives the milliseconds until it says that it is ready, asked every 5 ms. */
  async start(): Promise<number> {
    const begun = performance.now();
    const { program, cwd, env } = this.#recipe;
    const server = spawn(program, ['serve'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = createWriteStream(this.log, { flags: 'a' });
    server.stdout.pipe(output, { end: false });
    server.stderr.pipe(output, { end: false });
    this.#process = server;
    this.#pid = server.pid ?? 0;
    while (!(await isReady())) {
      if (server.exitCode !== null || server.pid === undefined) throw new Error(`the server did not start (its log: ${this.log})`);
      await sleep(5);
    }
    return performance.now() - begun;
  }

  async restart(): Promise<number> {
    await this.stop();
    return this.start();
  }
}

function isReady(): Promise<boolean> {
  return new Promise((done) => {
    const request = get({ host: '127.0.0.1', port: PORT, path: '/health/ready', agent: false }, (response) => {
      response.resume();
      response.once('end', () => done(response.statusCode === 200));
    });
    request.once('error', () => done(false));
  });
}
