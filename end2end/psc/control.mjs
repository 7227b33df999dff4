// Levers for tests: what can't be brought about from a browser. They are moved by POST with JSON, which no page of another
// site can send.
import { json } from 'node:stream/consumers';
import { sendLogoutToken, sidOf } from './logout-token.mjs';

/**
 * @param {{
 *   settings: import('./settings.mjs').Settings,
 *   keys: import('./keys.mjs').Keys,
 *   memory: import('./memory.mjs').Memory,
 *   outage: { on: boolean },
 * }} parts
 * @returns {import('node:http').RequestListener}
 */
export function createControl({ settings, keys, memory, outage }) {
  /** Path → what it does. Each takes the body, and gives a status and what to answer. */
  const levers = {
    '/_control/outage': async ({ on }) => {
      if (typeof on !== 'boolean') return [400, { error: 'on: true or false' }];
      outage.on = on;
      return [200, { on }];
    },

    // Of the newest such session. It stays, so that what the service then does is due to the token alone.
    '/_control/backchannel': async ({ sub, sid }) => {
      const session = memory.sessions().find((one) => {
        const own = sidOf(one, settings);
        return own && (own === sid || one.accountId === sub);
      });
      if (!session) return [404, { error: 'no such session' }];
      const status = await sendLogoutToken({ settings, keys }, session);
      return status ? [200, { status }] : [502, { error: 'the relying party does not answer' }];
    },

    // Without a word to the service: it notices at its next refresh.
    '/_control/end-sessions': async () => {
      const ended = memory.sessions().length;
      memory.endSessions();
      return [200, { ended }];
    },
  };

  return async (request, response) => {
    const [status, answer] = await pull(levers[request.url], request);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  };
}

async function pull(lever, request) {
  if (!lever) return [404, { error: 'no such lever' }];
  if (request.method !== 'POST') return [405, { error: 'POST only' }];
  if (!/^application\/json\b/.test(request.headers['content-type'])) return [415, { error: 'JSON only' }];
  try {
    return await lever(await json(request));
  } catch (error) {
    return [400, { error: String(error) }];
  }
}
