// The simulator as a process of its own, on ports that nobody uses.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../main.mjs', import.meta.url));

/**
 * @param {NodeJS.ProcessEnv} [env] on top of the ports
 */
export async function start(env = {}) {
  const [authPort, walletPort] = await freePorts(2);
  const ports = { PSC_PORT: String(authPort), PSC_WALLET_PORT: String(walletPort) };
  const child = spawn(process.execPath, [MAIN], { env: { ...ports, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit').then(([code]) => code);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) child[stream].on('data', (data) => (output[stream] += data));

  await Promise.race([once(child.stdout, 'data'), ended]);
  if (child.exitCode !== null) throw new Error(`It ended at once: ${output.stderr}`);
  const auth = `http://127.0.0.1:${authPort}`;
  return {
    ports,
    output,
    auth,
    wallet: `http://127.0.0.1:${walletPort}`,
    issuer: `${auth}/auth/realms/esante-wallet`,
    signal: (name) => child.kill(name),
    /** Its exit code. */
    ended,
    /** @returns what the lever answers */
    async pull(lever, body = {}) {
      const answer = await fetch(`${auth}/_control/${lever}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, ...(await answer.json()) };
    },
  };
}

/** @returns {Promise<number[]>} different ones */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
