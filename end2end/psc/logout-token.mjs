// Back-channel logout: telling the service, server to server, that a session has ended.
// https://openid.net/specs/openid-connect-backchannel-1_0.html
import { randomUUID } from 'node:crypto';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * The session's name for the relying party; undefined when it never signed in there.
 * @returns {string | undefined}
 */
export function sidOf(session, { client }) {
  return session.authorizations?.[client.id]?.sid;
}

/**
 * @param {{ settings: import('./settings.mjs').Settings, keys: import('./keys.mjs').Keys }} parts
 * @param {object} session
 * @returns {Promise<number>} the status that the relying party answered with, 0 when it didn't answer twice within 5 s
 */
export async function sendLogoutToken({ settings, keys }, session) {
  const { client } = settings;
  const token = keys.sign(
    client.id,
    { jti: randomUUID(), sub: session.accountId, sid: sidOf(session, settings), events: { [EVENT]: {} } },
    'logout+jwt',
  );
  // A connection that was kept may be closed at the other end in the moment when it is used again: once more, on a new one.
  for (const _attempt of [1, 2]) {
    try {
      const answer = await fetch(client.backchannelUri, {
        method: 'POST',
        body: new URLSearchParams({ logout_token: token }),
        redirect: 'manual',
        signal: AbortSignal.timeout(5_000),
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      // Said below.
    }
  }
  return 0;
}
