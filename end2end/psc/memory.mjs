// Where oidc-provider keeps its sessions, codes and tokens: this process, and nowhere after it.
// (The library's own memory can't list its sessions, which the control endpoints need.)

export class Memory {
  /** @type {Map<string, { payload: object, until: number }>} by model and id */
  #records = new Map();

  /**
   * What oidc-provider asks for: an adapter for each of its models.
   * https://github.com/panva/node-oidc-provider/blob/v8.8.1/example/my_adapter.js
   * @param {string} model
   */
  adapter = (model) => {
    const key = (id) => `${model}:${id}`;
    const find = (id) => this.#records.get(key(id))?.payload;

    return {
      find: async (id) => find(id),
      findByUid: async (uid) => this.#all(model).find((payload) => payload.uid === uid),
      upsert: async (id, payload, seconds) => {
        this.#sweep();
        this.#records.set(key(id), { payload, until: Date.now() + seconds * 1000 });
      },
      consume: async (id) => {
        // Pro Santé Connect is a Keycloak, which lets earlier refresh tokens live until their time unless told otherwise.
        if (model !== 'RefreshToken') find(id).consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => void this.#records.delete(key(id)),
      revokeByGrantId: async (grantId) => this.#forget(model, (payload) => payload.grantId === grantId),
    };
  };

  /** Sessions of people who are signed in, the latest sign-in first: each gives its session a new id, thus a new record. */
  sessions() {
    return this.#all('Session')
      .filter((session) => session.accountId)
      .reverse();
  }

  /**
   * Codes and tokens are tied to their session: without it the library doesn't find them.
   * @param {(session: object) => boolean} which
   */
  endSessions(which = () => true) {
    this.#forget('Session', which);
  }

  #all(model) {
    return [...this.#records].filter(([key]) => key.startsWith(`${model}:`)).map(([, { payload }]) => payload);
  }

  #forget(model, which) {
    for (const [key, { payload }] of this.#records) {
      if (key.startsWith(`${model}:`) && which(payload)) this.#records.delete(key);
    }
  }

  #sweep() {
    const now = Date.now();
    for (const [key, { until }] of this.#records) if (until <= now) this.#records.delete(key);
  }
}
